import AsyncHTTPClient
import NIOCore
import NIOHTTP1
package import SystemPackage

/// Downloads files over HTTP(S): resumes, retries what may pass, verifies before a file gets its name.
package struct Downloader: Sendable {
    package let policy: DownloadPolicy
    package let proxies: ProxyEnvironment

    package init(policy: DownloadPolicy, proxies: ProxyEnvironment) {
        self.policy = policy
        self.proxies = proxies
    }

    /// Gets `url` into `target`; the bytes must have this SHA-256, or nothing is left at `target`.
    package func fetch(
        _ url: String,
        sha256: String,
        to target: FilePath,
        progress: ArtifactProgressHandler
    ) async throws {
        let part = PartFile(target: target)
        let resumed = part.size > 0
        try await receive(url, part, progress)
        let found = try await offloaded { try FileHasher.hash(part.path).sha256 }
        if found == sha256 { return try part.finish() }
        part.discard()
        let error = Self.mismatch(url, expected: sha256, found: found)
        guard resumed else { throw error }
        // The part may stem from another file under the same URL: once more from its first byte.
        progress(.retrying(subject: url, reason: error.reason, afterSeconds: 0))
        try await receive(url, part, progress)
        let again = try await offloaded { try FileHasher.hash(part.path).sha256 }
        guard again == sha256 else {
            part.discard()
            throw Self.mismatch(url, expected: sha256, found: again)
        }
        try part.finish()
    }

    /// Gets a small text, at most 1 MiB.
    package func text(_ url: String, progress: ArtifactProgressHandler) async throws -> String {
        try await retrying(url, progress, received: { 0 }) {
            try await request(url) { response in
                try refuse(response, url)
                let body = try await response.body.collect(upTo: 1 << 20)
                let text = String(buffer: body)
                guard !HTMLPage.isHTML(start: body.readableBytesView.prefix(512)) else { throw HTMLPage.failure(url) }
                return text
            }
        }
    }

    private func receive(_ url: String, _ part: PartFile, _ progress: ArtifactProgressHandler) async throws {
        try await retrying(url, progress, received: { part.size }) {
            let offset = part.size
            try await request(url, from: offset, tag: part.tag) { response in
                if response.status == .rangeNotSatisfiable {
                    part.discard()
                    let reason = "the partial file does not fit"
                    throw DownloadFailure(.transfer, url, reason, "try again", transient: true)
                }
                try refuse(response, url)
                try await store(response, url, part, offset, progress)
            }
        }
    }

    private func store(
        _ response: HTTPClientResponse,
        _ url: String,
        _ part: PartFile,
        _ offset: Int64,
        _ progress: ArtifactProgressHandler
    ) async throws {
        let start = response.status == .partialContent ? offset : 0
        let length = response.headers.first(name: "content-length").flatMap { Int64($0) }
        let total = length.map { $0 + start }
        let file = try part.open(at: start, tag: response.headers.first(name: "etag"))
        defer { try? file.close() }
        var meter = TransferMeter(policy: policy)
        for try await chunk in response.body {
            if start == 0, meter.received == 0, HTMLPage.isHTML(start: chunk.readableBytesView.prefix(512)) {
                part.discard()
                throw HTMLPage.failure(url)
            }
            try await offloaded { _ = try file.writeAll(chunk.readableBytesView) }
            guard meter.add(chunk.readableBytes) else {
                throw DownloadFailure(
                    .timeout,
                    url,
                    "fewer than \(Int(policy.minimumRate)) bytes per second",
                    "try again, or use a mirror that is nearer",
                    transient: true
                )
            }
            if meter.shouldReport() { report(url, start + meter.received, total, meter, progress) }
        }
        report(url, start + meter.received, total, meter, progress)
        if let total, start + meter.received < total { throw Self.truncated(url, start + meter.received, total) }
    }

    private func report(
        _ url: String,
        _ received: Int64,
        _ total: Int64?,
        _ meter: TransferMeter,
        _ progress: ArtifactProgressHandler
    ) {
        progress(.transfer(subject: url, received: received, total: total, bytesPerSecond: meter.bytesPerSecond))
    }

    private func refuse(_ response: HTTPClientResponse, _ url: String) throws {
        if let failure = DownloadFailure(status: response.status, url: url) { throw failure }
        if response.headers.first(name: "content-type")?.lowercased().hasPrefix("text/html") == true {
            throw HTMLPage.failure(url)
        }
    }

    /// One request with a client of its own, because a client has one proxy setting.
    private func request<Result: Sendable>(
        _ url: String,
        from offset: Int64 = 0,
        tag: String? = nil,
        _ body: (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "user-agent", value: "provision")
        request.headers.add(name: "accept", value: "*/*")
        if offset > 0 {
            request.headers.add(name: "range", value: "bytes=\(offset)-")
            if let tag, !tag.hasPrefix("W/") { request.headers.add(name: "if-range", value: tag) }
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try configuration(for: url))
        do {
            let response = try await client.execute(request, deadline: .distantFuture)
            let result = try await body(response)
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func configuration(for url: String) throws -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .follow(max: 10, allowCycles: false),
            timeout: .init(
                connect: .nanoseconds(Int64(policy.connectTimeout.seconds * 1e9)),
                read: .nanoseconds(Int64(policy.idleTimeout.seconds * 1e9))
            )
        )
        configuration.proxy = try proxies.clientProxy(for: url)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Repeats transient failures; an attempt that brought new bytes starts the count again.
    private func retrying<Result>(
        _ url: String,
        _ progress: ArtifactProgressHandler,
        received: () -> Int64,
        _ attempt: () async throws -> Result
    ) async throws -> Result {
        var fruitless = 0
        var most = received()
        while true {
            do {
                return try await attempt()
            } catch let error as CancellationError {
                throw error
            } catch {
                try Task.checkCancellation()
                let failure = DownloadFailure(error, url: url, proxy: proxies.proxy(for: url))
                fruitless = received() > most ? 1 : fruitless + 1
                most = max(most, received())
                guard failure.isTransient, fruitless < policy.attempts else { throw failure.error }
                let pause = policy.pause(afterFailure: fruitless)
                progress(.retrying(subject: url, reason: failure.error.reason, afterSeconds: pause.seconds))
                try await Task.sleep(for: pause)
            }
        }
    }

    private static func truncated(_ url: String, _ received: Int64, _ total: Int64) -> DownloadFailure {
        let reason = "the body ended after \(received) of \(total) bytes"
        return DownloadFailure(.truncated, url, reason, "try again, or use another mirror", transient: true)
    }

    private static func mismatch(_ url: String, expected: String, found: String) -> ArtifactError {
        ArtifactError(
            .hashMismatch,
            subject: url,
            attempted: "verify the download",
            reason: "expected sha256 \(expected), found \(found)",
            remedy: "ask the server's owner, or use another source; a proxy may alter files (nothing was installed)"
        )
    }
}
