import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on 127.0.0.1 that answers as the test says and remembers what it was asked.
final class FileServer: Sendable {
    struct Request: Sendable {
        let uri: String
        let range: String?
        let ifRange: String?
        /// How often this URI was asked for, from 1.
        let number: Int
    }

    enum Reply: Sendable {
        case status(HTTPResponseStatus)
        case redirect(String)
        /// The whole body, or the rest of it where a range is asked for.
        case file([UInt8], tag: String? = nil, ranges: Bool = true, type: String? = "application/octet-stream")
        /// Promises the whole rest, sends up to `count` bytes of it and closes.
        case cut([UInt8], after: Int, tag: String? = nil, ranges: Bool = true)
        /// Sends the head, a first byte, and then nothing.
        case stall([UInt8])
        /// Sends a byte every 20 milliseconds.
        case trickle([UInt8])
    }

    typealias Answer = @Sendable (Request) -> Reply

    private let log = Mutex<[Request]>([])
    private let answer: Answer

    private init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    var requests: [Request] { log.withLock { $0 } }

    /// Runs `body` with the server's base URL and ends the server afterwards.
    static func run(
        _ answer: @escaping Answer,
        _ body: (FileServer, String) async throws -> Void
    ) async throws {
        let server = FileServer(answer)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(FileHandler(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        do {
            try await body(server, "http://127.0.0.1:\(port)")
            try await channel.close()
        } catch {
            try? await channel.close()
            throw error
        }
    }

    fileprivate func reply(to head: HTTPRequestHead) -> (Request, Reply) {
        let request = log.withLock { log in
            let request = Request(
                uri: head.uri,
                range: head.headers.first(name: "range"),
                ifRange: head.headers.first(name: "if-range"),
                number: log.count { $0.uri == head.uri } + 1
            )
            log.append(request)
            return request
        }
        return (request, answer(request))
    }
}

/// Writes one reply per request and closes the connection after it.
private final class FileHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: FileServer
    private var head: HTTPRequestHead?

    init(_ server: FileServer) {
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            let (request, reply) = server.reply(to: head)
            write(reply, request, context)
        }
    }

    private func write(_ reply: FileServer.Reply, _ request: FileServer.Request, _ context: ChannelHandlerContext) {
        switch reply {
        case .status(let status):
            start(context, status, ["content-length": "0"])
            end(context)
        case .redirect(let location):
            start(context, .found, ["content-length": "0", "location": location])
            end(context)
        case .file(let bytes, let tag, let ranges, let type):
            let rest = begin(context, bytes, tag, ranges, type, request)
            send(context, rest)
            end(context)
        case .cut(let bytes, let count, let tag, let ranges):
            let rest = begin(context, bytes, tag, ranges, "application/octet-stream", request)
            send(context, rest.prefix(count))
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer())))).assumeIsolated()
                .whenComplete { _ in context.close(promise: nil) }
        case .stall(let bytes):
            send(context, begin(context, bytes, nil, false, nil, request).prefix(1))
        case .trickle(let bytes):
            trickle(context, begin(context, bytes, nil, false, nil, request))
        }
    }

    /// Writes the head for the whole body or the range, and gives the bytes that belong to it.
    private func begin(
        _ context: ChannelHandlerContext,
        _ bytes: [UInt8],
        _ tag: String?,
        _ ranges: Bool,
        _ type: String?,
        _ request: FileServer.Request
    ) -> ArraySlice<UInt8> {
        var headers: [String: String] = [:]
        if let tag { headers["etag"] = tag }
        if let type { headers["content-type"] = type }
        let isSame = request.ifRange == nil || request.ifRange == tag
        guard ranges, isSame, let range = request.range, let from = Int(range.dropFirst(6).dropLast()) else {
            headers["content-length"] = "\(bytes.count)"
            start(context, .ok, headers)
            return bytes[...]
        }
        guard from < bytes.count else {
            start(context, .rangeNotSatisfiable, ["content-length": "0"])
            return []
        }
        headers["content-length"] = "\(bytes.count - from)"
        headers["content-range"] = "bytes \(from)-\(bytes.count - 1)/\(bytes.count)"
        start(context, .partialContent, headers)
        return bytes[from...]
    }

    private func trickle(_ context: ChannelHandlerContext, _ bytes: ArraySlice<UInt8>) {
        guard let first = bytes.first, context.channel.isActive else { return }
        send(context, [first])
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(20)) {
            self.trickle(context, bytes.dropFirst())
        }
    }

    private func start(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ fields: [String: String]) {
        var headers = HTTPHeaders(fields.map { ($0.key, $0.value) })
        headers.add(name: "connection", value: "close")
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func send(_ context: ChannelHandlerContext, _ bytes: ArraySlice<UInt8>) {
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
    }

    private func end(_ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated()
            .whenComplete { _ in context.close(promise: nil) }
    }
}
