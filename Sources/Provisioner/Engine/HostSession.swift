package import ProvisionCore
package import Templates

/// One host's open transport, and what a run does with it: observe, perform, upload, take from another host.
package struct HostSession: Sendable {
    package let host: String
    private let transport: any Transport

    package init(host: String, transport: any Transport) {
        self.host = host
        self.transport = transport
    }

    package func close() async { await transport.close() }

    /// Asks about resources in one round trip.
    package func observe(_ resources: [any Resource]) async throws(TransportError) -> [ProbeAnswer] {
        let script = HostScript(nonce: Nonce.make())
        let answer = try await send(script.probing(resources), script, resources, seconds: 120)
        return answer.answers
    }

    /// Performs actions in one round trip and asks about resources in the same.
    package func perform(
        _ actions: [Action],
        thenObserve resources: [any Resource]
    ) async throws(TransportError) -> HostAnswer {
        let script = HostScript(nonce: Nonce.make())
        let seconds = 180 + actions.reduce(0) { $0 + $1.seconds }
        return try await send(script.applying(actions, thenProbing: resources), script, resources, seconds: seconds)
    }

    /// Bytes a second; what is slower holds a place among the few uploads for days, and is given up though it moves.
    private static let slowestUpload = 16_384

    /// Streams one large file to its place; it may take its time as long as something moves.
    ///
    /// - Parameters:
    ///   - action: The action; its script is the receiving command.
    ///   - path: The local file.
    ///   - isShared: Whether the host may send it on.
    /// - Returns: `nil` when the host has proven size and hash, else its words.
    /// - Throws: `TransportError` when the connection failed.
    package func upload(
        _ action: Action,
        from path: String,
        isShared: Bool = false
    ) async throws(TransportError) -> String? {
        let script = HostScript(nonce: Nonce.make())
        let result = try await transport.run(
            RemoteCommand(
                line: script.receiving(action, isShared: isShared),
                input: .file(path: path),
                timeout: .seconds(action.seconds + (action.upload?.size ?? 0) / Self.slowestUpload),
                idle: .seconds(action.seconds)
            )
        )
        guard result.outputText.contains("\(script.nonce) received") else {
            return result.outputText + result.errorText + " (\(result.status))"
        }
        return nil
    }

    /// Lets the host take one large file from another host to its place.
    ///
    /// - Parameters:
    ///   - action: The action; its script is the receiving command.
    ///   - upload: Which file.
    ///   - peer: Who sends it.
    ///   - token: What the peer wants to hear.
    /// - Returns: `nil` when the host has proven size and hash, else its words.
    /// - Throws: `TransportError` when the host's own connection failed.
    package func take(
        _ action: Action,
        _ upload: Action.Upload,
        from peer: UploadRelay.Peer,
        token: Secret<String>
    ) async throws(TransportError) -> String? {
        let script = HostScript(nonce: Nonce.make())
        let result = try await transport.run(
            RemoteCommand(
                line: script.taking(action, upload, from: peer.address, port: peer.port),
                input: .bytes(Secret(Array("\(token.reveal())\n".utf8))),
                // Nothing moves here meanwhile: the host itself gives up what stands still.
                timeout: .seconds(action.seconds + RelayScript.seconds(size: upload.size))
            )
        )
        guard result.outputText.contains("\(script.nonce) received") else {
            return result.errorText + result.outputText + " (\(result.status))"
        }
        return nil
    }

    /// Runs a small script and gives back what it printed.
    package func run(
        _ script: String,
        seconds: Int = 30,
        limit: Int = 16 << 20
    ) async throws(TransportError) -> CommandResult {
        try await transport.run(
            RemoteCommand(
                line: "/bin/sh -s",
                input: .bytes(Secret(Array("main() {\n\(script)\n}\nmain\n".utf8))),
                timeout: .seconds(seconds),
                outputLimit: limit
            )
        )
    }

    private func send(
        _ text: String,
        _ script: HostScript,
        _ resources: [any Resource],
        seconds: Int
    ) async throws(TransportError) -> HostAnswer {
        let result = try await transport.run(
            RemoteCommand(line: "/bin/sh -s", input: .bytes(Secret(Array(text.utf8))), timeout: .seconds(seconds))
        )
        let answer = HostAnswer(output: result.outputText, nonce: script.nonce, probed: resources)
        guard answer.isComplete || answer.isBusy else { throw incomplete(result) }
        return answer
    }

    private func incomplete(_ result: CommandResult) -> TransportError {
        TransportError(
            code: .connectionLost,
            host: host,
            attempted: "run a script on standard input of /bin/sh",
            reason: "its last line was not seen (\(result.status)): \(result.errorText.prefix(400))",
            remedy: "what was done is unknown; run the same command again, it asks the host first"
        )
    }
}
