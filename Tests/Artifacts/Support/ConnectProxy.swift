import NIOCore
import NIOPosix
import Synchronization

/// An HTTP proxy on 127.0.0.1 that answers CONNECT and leads every tunnel to one port of this machine.
final class ConnectProxy: Sendable {
    private let log = Mutex<[String]>([])
    private let port: Int

    private init(port: Int) {
        self.port = port
    }

    /// The first line of each connection.
    var requests: [String] { log.withLock { $0 } }

    /// Runs `body` with the proxy's URL and ends the proxy afterwards.
    static func run(to port: Int, _ body: (ConnectProxy, String) async throws -> Void) async throws {
        let proxy = ConnectProxy(port: port)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TunnelHandler(proxy))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(proxy, "http://127.0.0.1:\(channel.localAddress?.port ?? 0)")
            try await channel.close()
        } catch {
            try? await channel.close()
            throw error
        }
    }

    fileprivate func note(_ line: String) {
        log.withLock { $0.append(line) }
    }

    fileprivate func connect(from channel: any Channel) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: channel.eventLoop)
            .channelInitializer { target in
                target.eventLoop.makeCompletedFuture {
                    try target.pipeline.syncOperations.addHandler(ForwardHandler(to: channel))
                }
            }
            .connect(host: "127.0.0.1", port: port)
    }
}

/// Reads the CONNECT head, opens the tunnel, and passes on what follows.
private final class TunnelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let proxy: ConnectProxy
    private var head = ""
    private var target: (any Channel)?

    init(_ proxy: ConnectProxy) {
        self.proxy = proxy
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if let target {
            target.writeAndFlush(bytes, promise: nil)
            return
        }
        head += String(buffer: bytes)
        guard head.hasSuffix("\r\n\r\n") else { return }
        proxy.note(head.split(separator: "\r\n").first.map(String.init) ?? "")
        proxy.connect(from: context.channel).assumeIsolated().whenSuccess { target in
            self.target = target
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n")), promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        target?.close(promise: nil)
    }
}

/// Passes everything on to the other side of the tunnel.
private final class ForwardHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    init(to other: any Channel) {
        self.other = other
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }
}
