import PKI

/// Where a rotation stands, in the words of every message about it.
extension Rotation {
    /// `trust-both, on its way back`.
    var place: String { "\(phase.rawValue)\(isRollingBack ? ", on its way back" : "")" }

    /// What goes on in the direction in which it was going; what was asked for is kept in the store.
    static func resume(_ inventory: String) -> String { "provision certs rotate --resume --apply \(inventory)" }
}

extension TrustState {
    /// The rotation in progress, or what one that has ended still leaves to do; `nil` where there is neither.
    func standing(_ inventory: String) -> String? {
        let again = Rotation.resume(inventory)
        if let rotation { return "\(rotation.id) stands at \(rotation.place); go on: \(again)" }
        return ended.map { "\($0.id) has ended, and what only it needed is still in the store; go on: \(again)" }
    }
}

extension Rotation.Asked {
    /// As options, for whoever goes on with it.
    var words: String {
        let options: [String?] = [
            until.flatMap { $0 == .distrust ? nil : "--until \($0.rawValue)" },
            noSoak.map { "--no-soak '\($0)'" } ?? soak.map { "--soak \($0)s" },
            destroyOld.map { "--destroy-old '\($0)'" },
            restartsPods == true ? "--restart-pods" : nil, lostAccess.map { "--accept-lost-access '\($0)'" },
        ]
        return options.compactMap(\.self).joined(separator: " ")
    }
}
