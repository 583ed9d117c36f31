import NIOHTTP1
import Synchronization
import SystemPackage
import Testing

@testable import ProvisionArtifacts

@Suite struct DownloaderTests {
    private let body = Samples.bytes(300_000)

    /// Downloads `/file` from a server with these answers and gives what it was asked and the error, if any.
    private func fetch(
        sha256: String? = nil,
        policy: DownloadPolicy = Samples.policy,
        environment: [String: String] = [:],
        part: [UInt8]? = nil,
        _ answer: @escaping FileServer.Answer
    ) async throws -> (requests: [FileServer.Request], error: ArtifactError?, result: [UInt8]?, part: Bool) {
        try await withTemporaryDirectory { directory in
            let target = directory.appending("file")
            if let part { try Files.write(part, to: PartFile(target: target).path) }
            let expected = sha256 ?? FileHasher.hash(body)
            var outcome: ([FileServer.Request], ArtifactError?, [UInt8]?, Bool) = ([], nil, nil, false)
            try await FileServer.run(answer) { server, base in
                do {
                    let downloader = Samples.downloader(policy, environment)
                    try await downloader.fetch("\(base)/file", sha256: expected, to: target) { _ in }
                } catch let error as ArtifactError {
                    outcome.1 = error
                }
                outcome.0 = server.requests
            }
            outcome.2 = try? Files.read(target)
            outcome.3 = Files.exists(PartFile(target: target).path)
            return outcome
        }
    }

    @Test func storesAVerifiedFile() async throws {
        let body = body
        let outcome = try await fetch { _ in .file(body) }
        #expect(outcome.error == nil)
        #expect(outcome.result == body)
        #expect(outcome.part == false)
        #expect(outcome.requests.count == 1)
    }

    @Test func resumesWhereAConnectionDied() async throws {
        let body = body
        let outcome = try await fetch { request in
            request.number < 3 ? .cut(body, after: 100_000, tag: "\"a\"") : .file(body, tag: "\"a\"")
        }
        #expect(outcome.result == body)
        #expect(outcome.requests.count == 3)
        // How much of a dying connection reaches the file is up to the network stack.
        let offsets = outcome.requests.compactMap(\.range).compactMap { Int($0.dropFirst(6).dropLast()) }
        #expect(offsets.count == 2)
        #expect(offsets == offsets.sorted() && offsets.allSatisfy { $0 > 0 && $0 <= 200_000 })
        #expect(outcome.requests.last?.ifRange == "\"a\"")
    }

    @Test func startsAgainWhenTheServerKnowsNoRanges() async throws {
        let body = body
        let outcome = try await fetch { $0.number == 1 ? .cut(body, after: 100_000) : .file(body, ranges: false) }
        #expect(outcome.result == body)
    }

    @Test func startsAgainWhenTheFileChangedInBetween() async throws {
        let body = body
        let old = Samples.bytes(300_000, seed: 7)
        let outcome = try await fetch { request in
            request.number == 1 ? .cut(old, after: 100_000, tag: "\"old\"") : .file(body, tag: "\"new\"")
        }
        #expect(outcome.result == body)
        #expect(outcome.requests.count == 2)
    }

    @Test func dropsAPartThatBelongsToAnotherFile() async throws {
        let body = body
        let outcome = try await fetch(part: Samples.bytes(50_000, seed: 9)) { _ in .file(body) }
        #expect(outcome.result == body)
        #expect(outcome.requests.map(\.range) == ["bytes=50000-", nil])
    }

    @Test func dropsAPartLongerThanTheFile() async throws {
        let body = body
        let outcome = try await fetch(part: Samples.bytes(400_000, seed: 9)) { _ in .file(body) }
        #expect(outcome.result == body)
    }

    @Test func refusesAWrongHashAndLeavesNothing() async throws {
        let body = body
        let wanted = String(repeating: "0", count: 64)
        let outcome = try await fetch(sha256: wanted) { _ in .file(body) }
        let error = try #require(outcome.error)
        #expect(error.code == .hashMismatch)
        #expect(error.reason.contains(wanted))
        #expect(error.reason.contains(FileHasher.hash(body)))
        #expect(outcome.result == nil)
        #expect(outcome.part == false)
    }

    @Test func givesUpOnABodyThatStaysTruncated() async throws {
        let body = body
        let outcome = try await fetch { _ in .cut(body, after: 1_000, ranges: false) }
        let error = try #require(outcome.error)
        #expect([.truncated, .transfer].contains(error.code))
        #expect(outcome.result == nil)
        // The first attempt brought bytes, the next two brought no more.
        #expect(outcome.requests.count == 3)
    }

    @Test(arguments: [
        (HTTPResponseStatus.notFound, ArtifactError.Code.notFound),
        (.gone, .notFound),
        (.forbidden, .forbidden),
        (.unauthorized, .forbidden),
        (.proxyAuthenticationRequired, .forbidden),
    ])
    func asksOnlyOnceWhenTheAnswerIsFinal(status: HTTPResponseStatus, code: ArtifactError.Code) async throws {
        let outcome = try await fetch { _ in .status(status) }
        #expect(outcome.error?.code == code)
        #expect(outcome.requests.count == 1)
    }

    @Test(arguments: [HTTPResponseStatus.serviceUnavailable, .badGateway, .tooManyRequests, .requestTimeout])
    func repeatsWhatMayPass(status: HTTPResponseStatus) async throws {
        let body = body
        let outcome = try await fetch { $0.number < 3 ? .status(status) : .file(body) }
        #expect(outcome.result == body)
        #expect(outcome.requests.count == 3)
    }

    @Test func givesUpAfterTheAttemptsOfThePolicy() async throws {
        let outcome = try await fetch { _ in .status(.serviceUnavailable) }
        #expect(outcome.error?.reason == "HTTP 503")
        #expect(outcome.requests.count == 3)
    }

    @Test(arguments: ["text/html; charset=utf-8", "application/octet-stream"])
    func recognisesALoginPage(type: String) async throws {
        let page = Array("\n<!DOCTYPE html><html><body>Please log in</body></html>".utf8)
        let outcome = try await fetch { _ in .file(page, type: type) }
        #expect(outcome.error?.code == .loginPage)
        #expect(outcome.requests.count == 1)
        #expect(outcome.result == nil)
    }

    @Test func recognisesALoginPageBehindARedirect() async throws {
        let page = Array("<html>login</html>".utf8)
        let outcome = try await fetch { $0.uri == "/file" ? .redirect("/login") : .file(page, type: "text/html") }
        #expect(outcome.error?.code == .loginPage)
        #expect(outcome.requests.map(\.uri) == ["/file", "/login"])
    }

    @Test func givesUpOnASilentServer() async throws {
        let body = body
        var policy = Samples.policy
        policy.idleTimeout = .milliseconds(150)
        let outcome = try await fetch(policy: policy) { _ in .stall(body) }
        #expect(outcome.error?.code == .timeout)
        #expect(outcome.requests.count >= 2)
    }

    @Test func givesUpOnAServerThatTrickles() async throws {
        let body = body
        var policy = Samples.policy
        policy.slowWindow = .milliseconds(200)
        policy.minimumRate = 10_000
        let outcome = try await fetch(policy: policy) { _ in .trickle(body) }
        let error = try #require(outcome.error)
        #expect(error.code == .timeout)
        #expect(error.reason.contains("bytes per second"))
    }

    @Test func saysWhereItCouldNotConnect() async throws {
        try await withTemporaryDirectory { directory in
            // Port 1 of the loopback address: nothing listens there on any sane machine.
            let error = await #expect(throws: ArtifactError.self) {
                try await Samples.downloader().fetch(
                    "http://127.0.0.1:1/file",
                    sha256: "",
                    to: directory.appending("file")
                ) { _ in }
            }
            #expect(error?.code == .transfer || error?.code == .timeout)
            #expect(error?.remedy.contains("http_proxy") == true)
        }
    }

    @Test func goesThroughTheProxy() async throws {
        let body = body
        try await withTemporaryDirectory { directory in
            try await FileServer.run { _ in
                .file(body)
            } _: { server, base in
                let port = base.split(separator: ":").last.flatMap { Int($0) } ?? 0
                try await ConnectProxy.run(to: port) { proxy, url in
                    let downloader = Samples.downloader(Samples.policy, ["http_proxy": url])
                    let target = directory.appending("file")
                    let file = "http://releases.invalid/file"
                    try await downloader.fetch(file, sha256: FileHasher.hash(body), to: target) { _ in }
                    #expect(proxy.requests == ["CONNECT releases.invalid:80 HTTP/1.1"])
                    #expect(server.requests.map(\.uri) == ["/file"])
                    #expect(try Files.read(target) == body)
                }
            }
        }
    }

    @Test func tellsProgress() async throws {
        let body = body
        let events = Mutex<[ArtifactProgress]>([])
        try await withTemporaryDirectory { directory in
            try await FileServer.run { _ in
                .file(body)
            } _: { _, base in
                let target = directory.appending("file")
                try await Samples.downloader().fetch("\(base)/file", sha256: FileHasher.hash(body), to: target) {
                    event in
                    events.withLock { $0.append(event) }
                }
            }
        }
        guard case .transfer(_, let received, let total, _)? = events.withLock(\.last) else {
            Issue.record("no transfer event")
            return
        }
        #expect(received == 300_000)
        #expect(total == 300_000)
    }
}
