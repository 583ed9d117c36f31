package import PKI
import Templates

/// The file that says on each host which rotation of certificates is under way there, and who began it.
///
/// A store that does not know that rotation is a copy from before it: what it changes would be believed by nobody, or
/// would take the ground from under the rotation.
package struct RotationMark: Sendable {
    package static let path = "/etc/provision/rotation"
    package static let remedy = """
        use the store that rotates, or a copy of it, and bring that rotation to its end (provision status shows it there); \
        where that store is lost for good, rm \(path) on every host
        """

    /// What this store has in progress.
    private let rotation: Rotation?
    /// Ids of those that have ended, as far as this store knows.
    private let ended: Set<String>

    package init(_ rotation: Rotation? = nil, ended: Set<String> = []) {
        self.rotation = rotation
        self.ended = ended
    }

    /// What keeps it as it must be; nothing while this store rotates nothing.
    var resources: [any Resource] {
        guard let rotation else { return [] }
        // It comes with the first stage and goes with the last one, in either direction.
        guard rotation.phase == .trustBoth || rotation.phase == .newLeaves else { return [Self.absent] }
        let file = RenderedFile(path: Self.path, text: Self.line(rotation), secrecy: .open)
        return [FileResource(file, reason: "a store that does not know this rotation changes nothing here")]
    }

    private static var absent: CommandResource {
        CommandResource(
            id: "absent:\(path)",
            title: "no mark of a rotation",
            reason: "the rotation comes to its end",
            check: "[ ! -e \(path) ] || { echo 'is still there'; false; }",
            action: Action(kind: .delete, title: "remove \(path)", script: "rm -f \(path)")
        )
    }

    private static func line(_ rotation: Rotation) -> String {
        let place = rotation.phase.rawValue + (rotation.isRollingBack ? "-back" : "")
        let roots = rotation.roots.map(\.rawValue).joined(separator: ",")
        return [rotation.id, place, roots, rotation.startedBy ?? ""].map(word).joined(separator: " ") + "\n"
    }

    private static func word(_ text: String) -> String {
        let kept = text.unicodeScalars.filter {
            $0.isASCII && ($0.properties.isAlphabetic || "0123456789.,:-_+@".unicodeScalars.contains($0))
        }
        return kept.isEmpty ? "-" : String(String.UnicodeScalarView(kept))
    }

    /// Why a host with this mark is not this store's to change; `nil` where it is.
    ///
    /// - Parameters:
    ///   - words: What the mark says; empty: there is none.
    ///   - host: Whose it is.
    /// - Returns: The refusal.
    func refusal(of words: [String], on host: String) -> Verdict? {
        guard let id = words.first, id != rotation?.id, !ended.contains(id) else { return nil }
        let (place, roots, who) = (word(1, of: words), word(2, of: words), word(3, of: words))
        let position = "\(roots) at \(place), begun by \(who)"
        let why = "\(host) is in the rotation \(id) (\(position)), which this store does not know"
        return .refused(Sanitised.text(why, limit: 400), remedy: Self.remedy)
    }

    private func word(_ index: Int, of words: [String]) -> String {
        words.indices.contains(index) ? words[index] : "?"
    }
}
