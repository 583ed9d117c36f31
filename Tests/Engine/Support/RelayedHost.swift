import Foundation
import ProvisionCore
import Synchronization
import Templates

/// What hosts of one test reach each other by.
final class SandboxNetwork: Sendable {
    private let hosts = Mutex<[String: RelayedHost]>([:])
    private let opened = Mutex<[String]>([])

    /// The names of hosts that opened a listener, in order.
    var listeners: [String] { opened.withLock(\.self) }

    fileprivate func add(_ host: RelayedHost, at address: String) { hosts.withLock { $0[address] = host } }
    fileprivate func host(at address: String) -> RelayedHost? { hosts.withLock { $0[address] } }
    fileprivate func opens(_ name: String) { opened.withLock { $0.append(name) } }
}

/// A sandbox without systemd and without a network: its listener is a directory, from which others of its network read.
///
/// Everything else of the relay is what a host's shell does.
final class RelayedHost: Transport {
    enum Fault: Sendable {
        case sound
        /// Has nothing to listen with.
        case mute
        /// Listens, and sends nothing.
        case silent
        /// Loses its connection with the first large file, a while after it has begun.
        case lost
    }

    let sandbox: SandboxHost
    private let name: String
    private let fault: Fault
    private let network: SandboxNetwork

    init(_ host: HostSpec, _ network: SandboxNetwork, fault: Fault = .sound) throws {
        sandbox = try SandboxHost()
        name = host.name
        self.fault = fault
        self.network = network
        network.add(self, at: host.internalAddress.description)
    }

    func close() async {}

    func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
        if fault == .lost, command.line.contains("\nreceive ") {
            try? await Task.sleep(for: .seconds(1))
            throw TransportError(
                code: .connectionLost,
                host: name,
                attempted: "send a file",
                reason: "reset by peer",
                remedy: "run again"
            )
        }
        return try await sandbox.run(edited(command))
    }

    private func edited(_ command: RemoteCommand) -> RemoteCommand {
        var command = command
        guard case .bytes(let bytes) = command.input else { return command }
        let text = String(decoding: bytes.reveal(), as: UTF8.self)
        if let copy = Copy(command.line) {
            if let source = network.host(at: copy.address)?.served(copy.digest, to: text) {
                command.line.replaceSubrange(copy.place, with: "cat")
                command.input = .file(path: source)
            } else {
                command.line.replaceSubrange(copy.place, with: "false")
            }
        } else if text.contains(RelayScript.unit) {
            command.input = .bytes(Secret(Array(listening(text).utf8)))
        }
        return command
    }

    /// The command that takes a file from another host.
    private struct Copy {
        var place: Range<String.Index>
        var address: String
        var digest: String

        init?(_ line: String) {
            guard let start = line.firstRange(of: "\ntake "),
                let end = line[start.upperBound...].firstRange(of: " | {")
            else { return nil }
            let words = line[start.upperBound..<end.lowerBound].split(separator: " ").map(String.init)
            guard words.count == 4 else { return nil }
            place = line.index(after: start.lowerBound)..<end.lowerBound
            address = words[0]
            digest = words[2]
        }
    }

    /// Where a file lies that this host sends to whoever says its token.
    private func served(_ digest: String, to token: String) -> String? {
        let place = sandbox.path(RelayScript.directory)
        guard fault != .silent, (try? String(contentsOfFile: "\(place)/token", encoding: .utf8)) == token,
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(place)/\(digest)")
        else { return nil }
        return sandbox.path(target)
    }

    /// A script that opens or ends a listener, with a file in systemd's place.
    private func listening(_ script: String) -> String {
        guard script.contains("systemd-run") else {
            return script.replacing("timeout 10 systemctl", with: "true")
        }
        guard fault != .mute else { return "echo there is no systemd-run" }
        network.opens(name)
        return script.replacing("timeout 10 systemctl stop", with: "rm -f /run/open; true")
            .replacing("timeout 10 systemctl", with: "true")
            .replacing("command -v $c > /dev/null", with: "true")
            .replacing("timeout 10 systemd-run", with: "touch /run/open; true")
            .replacing("cat /proc/net/tcp /proc/net/tcp6 2> /dev/null | grep -q", with: "test -e /run/open -o -z")
    }
}
