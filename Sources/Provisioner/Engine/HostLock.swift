package import ProvisionCore
import Templates

/// The lock of one host: a directory that appears whole by a rename, with who, when and why inside.
///
/// It lies in /run, so that a reboot of the host clears it.
package struct HostLock: Sendable {
    /// What lies in the lock, as words without spaces.
    package struct Owner: Sendable, Hashable, CustomStringConvertible {
        package var run: String
        package var user: String
        package var machine: String
        package var boot: String
        package var process: Int32
        package var verb: String
        /// RFC 3339, UTC.
        package var since: String

        package init(
            run: String,
            user: String,
            machine: String,
            boot: String,
            process: Int32,
            verb: String,
            since: String
        ) {
            self.run = run
            self.user = user
            self.machine = machine
            self.boot = boot
            self.process = process
            self.verb = verb
            self.since = since
        }

        package var line: String {
            [run, user, machine, boot, String(process), verb, since].map(Self.word).joined(separator: " ")
        }

        package init?(line: some StringProtocol) {
            let words = String(line).split(separator: " ").map(String.init)
            guard words.count == 7, let process = Int32(words[4]) else { return nil }
            self.init(
                run: words[0],
                user: words[1],
                machine: words[2],
                boot: words[3],
                process: process,
                verb: words[5],
                since: words[6]
            )
        }

        package var description: String {
            "\(user)@\(machine), \(verb), process \(process), since \(since), run \(run)"
        }

        private static func word(_ text: String) -> String {
            let kept = text.unicodeScalars.filter {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789.:-_+".unicodeScalars.contains($0))
            }
            return kept.isEmpty ? "-" : String(String.UnicodeScalarView(kept))
        }
    }

    /// Who holds it now.
    package enum Answer: Sendable, Hashable {
        case acquired
        /// The owner, `nil` when what lies in the lock cannot be read.
        case held(Owner?)
    }

    private static let path = "/run/provision/lock"

    /// Between reading an owner and moving its lock away nobody else may take the lock over.
    private static let alone = "exec 9> /run/provision/guard && flock -w 10 9 || return"

    package init() {}

    package func acquire(_ owner: Owner, on session: HostSession) async throws(TransportError) -> Answer {
        let result = try await session.run(
            """
            mkdir -p /run/provision && cd /run/provision || return
            \(Self.alone)
            mkdir lock.$$ && echo '\(owner.line)' > lock.$$/owner
            if mv -T lock.$$ lock 2> /dev/null; then echo acquired; else rm -rf lock.$$; echo "held $(cat lock/owner)"; fi
            """
        )
        return Self.answer(from: result.outputText)
    }

    package func holder(on session: HostSession) async throws(TransportError) -> Answer? {
        let result = try await session.run("[ -d \(Self.path) ] && echo \"held $(cat \(Self.path)/owner)\"")
        return result.outputText.isEmpty ? nil : Self.answer(from: result.outputText)
    }

    /// Removes the lock, only while this run holds it.
    ///
    /// - Parameters:
    ///   - run: The run that must be its owner.
    ///   - session: The host.
    /// - Returns: Whether it was removed.
    /// - Throws: `TransportError` when the connection failed.
    package func release(run: String, on session: HostSession) async throws(TransportError) -> Bool {
        let result = try await session.run(
            """
            [ -d /run/provision ] || return 0
            \(Self.alone)
            read -r run rest < \(Self.path)/owner 2> /dev/null && [ "$run" = \(ShellQuoting.quote(run)) ] || return 0
            mv -T \(Self.path) \(Self.path).released.$$ && rm -rf \(Self.path).released.$$ && echo released
            """
        )
        return result.outputText.contains("released")
    }

    private static func answer(from text: String) -> Answer {
        if text.hasPrefix("acquired") { return .acquired }
        let line = text.split(separator: "\n").first.map { $0.dropFirst("held ".count) } ?? ""
        return .held(Owner(line: line))
    }
}
