import Glibc
import ProvisionCore

/// What a server says of itself before any key is exchanged, read without libssh2, which does not tell.
struct ServerGreeting {
    /// Connects anew and reads the server's banner and first packet; `nil` when they do not come.
    static func offer(of endpoint: SSHEndpoint, deadline: Deadline) -> KeyExchangeOffer? {
        guard let socket = try? TCPSocket.connect(to: endpoint, deadline: deadline) else { return nil }
        defer { close(socket.descriptor) }
        let banner = Array("SSH-2.0-provision\r\n".utf8)
        guard send(socket.descriptor, banner, banner.count, Int32(MSG_NOSIGNAL)) == banner.count else {
            return nil
        }
        var bytes: [UInt8] = []
        while !deadline.hasPassed, !Task.isCancelled, bytes.count < 1 << 16 {
            if let payload = payload(in: bytes) { return KeyExchangeOffer(payload: payload) }
            guard socket.wait(for: Int32(POLLIN), until: deadline) else { continue }
            var piece = [UInt8](repeating: 0, count: 8192)
            let count = recv(socket.descriptor, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            bytes += piece[..<count]
        }
        return nil
    }

    /// The first packet's payload, after the lines up to the one that begins with `SSH-`.
    private static func payload(in bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let isBanner = rest.starts(with: Array("SSH-".utf8))
            rest = rest[(end + 1)...]
            if isBanner { return packet(rest) }
        }
        return nil
    }

    private static func packet(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var reader = WireReader(bytes)
        guard let packet = reader.string(), let padding = packet.first, packet.count > Int(padding) + 1 else {
            return nil
        }
        return Array(packet[1..<(packet.count - Int(padding))])
    }
}
