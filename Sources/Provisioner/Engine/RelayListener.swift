import ProvisionCore
import Templates

/// The listener of one host, from which other hosts take what it holds.
///
/// Only the host's own lane opens it, between its other commands, since they run one after another: at the lane's beginning
/// where the host holds something from before, else behind its first proven file. So nobody who may be waited for waits for
/// a lane that is busy.
struct RelayListener: Sendable {
    let host: HostSpec
    let session: HostSession
    let relay: UploadRelay
    let report: @Sendable (RunEvent) -> Void

    private enum Answer {
        case port(Int)
        case refusal(String)
    }

    /// Opens it where it is not open yet and another host wants something of what this one holds.
    func openIfWanted() async {
        guard let files = await relay.offer(of: host.name) else { return }
        switch await open(files) {
        case .port(let port):
            await relay.listens(UploadRelay.Peer(host: host.name, address: address, port: port))
        case .refusal(let words):
            let message = "sends nothing on to other hosts: \(words.inOneLine)"
            report(RunEvent(.relayFailed, host: host.name, message: message))
            await relay.mutes(host.name)
        }
    }

    private var address: String { host.internalAddress.description }

    private func open(_ files: [String: String]) async -> Answer {
        let nonce = Nonce.make()
        let script = RelayScript.opening(
            nonce: nonce,
            address: address,
            ports: (0..<4).map { _ in Int.random(in: RelayScript.ports) },
            token: relay.token,
            files: files
        )
        do throws(TransportError) {
            let result = try await session.run(script, seconds: 180)
            guard let port = RelayScript.port(in: result.outputText, nonce: nonce) else {
                return .refusal(result.outputText + result.errorText)
            }
            return .port(port)
        } catch {
            return .refusal(error.summary)
        }
    }

    /// Ends those that are open; what cannot be reached any more ends by itself.
    static func close(on lanes: [ObservedLane], _ relay: UploadRelay) async {
        let open = await relay.listening
        await withTaskGroup(of: Void.self) { group in
            for lane in lanes where open.contains(lane.lane.host.name) {
                guard let session = lane.session else { continue }
                group.addTask { _ = try? await session.run(RelayScript.closing, seconds: 60) }
            }
        }
    }
}

extension String {
    /// Several lines of a host as one, made safe to show.
    var inOneLine: String {
        Sanitised.text(split(whereSeparator: \.isWhitespace).joined(separator: " "), limit: 300)
    }
}

extension UploadRelay {
    /// Begins with what hosts have answered: what they hold, and what they lack.
    ///
    /// - Parameters:
    ///   - lanes: The hosts of the run.
    ///   - uploads: How many the operator sends to at once.
    /// - Returns: The relay.
    static func among(_ lanes: [ObservedLane], uploads: Int) -> UploadRelay {
        var wanted: [String: Set<String>] = [:]
        var held: [String: [String: String]] = [:]
        for lane in lanes {
            let host = lane.lane.host.name
            held[host] = lane.heldFiles
            for action in lane.verdicts.flatMap(\.actions) where action.sharedPath != nil {
                if let upload = action.upload { wanted[upload.sha256, default: []].insert(host) }
            }
        }
        return UploadRelay(wanted: wanted, held: held, uploads: uploads)
    }
}

extension ObservedLane {
    /// Where public files lie that the host has proven, by their SHA-256; none where it refuses something: it may be of
    /// another cluster.
    fileprivate var heldFiles: [String: String] {
        guard session != nil, !verdicts.contains(where: { if case .refused = $0 { true } else { false } }) else {
            return [:]
        }
        return zip(lane.resources, answers).reduce(into: [:]) { files, pair in
            guard let binary = pair.0 as? BinaryResource, let digest = binary.heldDigest(pair.1) else { return }
            files[digest] = binary.path
        }
    }
}
