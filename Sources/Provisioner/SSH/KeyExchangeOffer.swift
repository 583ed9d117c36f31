/// The algorithms that one side offers in its first packet (RFC 4253, 7.1).
package struct KeyExchangeOffer: Sendable, Equatable {
    package var keyExchange: [String]
    package var hostKeys: [String]
    /// Towards the server and back; the same on every server that is known.
    package var ciphers: [String]
    package var codes: [String]

    package init(keyExchange: [String], hostKeys: [String], ciphers: [String], codes: [String]) {
        self.keyExchange = keyExchange
        self.hostKeys = hostKeys
        self.ciphers = ciphers
        self.codes = codes
    }

    /// Reads the payload of SSH_MSG_KEXINIT: its number, 16 random bytes, then the lists.
    package init?(payload: [UInt8]) {
        var reader = WireReader(payload)
        guard reader.byte() == 20, reader.skip(16), let exchange = reader.names(), let keys = reader.names(),
            let ciphers = reader.names(), reader.names() != nil, let codes = reader.names()
        else { return nil }
        self.init(keyExchange: exchange, hostKeys: keys, ciphers: ciphers, codes: codes)
    }

    /// One sentence for each kind of algorithm in which the two have nothing in common.
    package func gaps(to server: KeyExchangeOffer) -> [String] {
        [
            ("key exchange", keyExchange, server.keyExchange), ("host key", hostKeys, server.hostKeys),
            ("cipher", ciphers, server.ciphers), ("MAC", codes, server.codes),
        ].compactMap { kind, ours, theirs in
            guard Set(ours).isDisjoint(with: theirs) else { return nil }
            return "no common \(kind): the server offers \(theirs.joined(separator: ",")); "
                + "we offer \(ours.joined(separator: ","))"
        }
    }
}
