internal import CLibSSH2
import ProvisionCore

/// Algorithms and the server's key.
extension LibSSH2Session {
    /// What this libssh2 may use; the host keys in the order in which to ask for them.
    func offer(hostKeys: [String]) -> KeyExchangeOffer {
        KeyExchangeOffer(
            keyExchange: Methods.supported(Methods.keyExchange, LIBSSH2_METHOD_KEX, pointer),
            hostKeys: hostKeys,
            ciphers: Methods.supported(Methods.ciphers, LIBSSH2_METHOD_CRYPT_CS, pointer),
            codes: Methods.supported(Methods.codes, LIBSSH2_METHOD_MAC_CS, pointer)
        )
    }

    /// The host key algorithms that the library has.
    var signatures: [String] { Methods.supported(Methods.hostKeys, LIBSSH2_METHOD_HOSTKEY, pointer) }

    /// Exchanges keys, and gives back the one that the server presents.
    func handshake(
        _ check: HostKeyCheck,
        except rejected: Set<String>,
        deadline: Deadline
    ) throws(TransportError) -> HostKey {
        let attempted = "SSH handshake with \(endpoint.address)"
        let offer = offer(hostKeys: try hostKeys(check, except: rejected, attempted))
        for (method, list) in [
            (LIBSSH2_METHOD_KEX, offer.keyExchange), (LIBSSH2_METHOD_HOSTKEY, offer.hostKeys),
            (LIBSSH2_METHOD_CRYPT_CS, offer.ciphers), (LIBSSH2_METHOD_CRYPT_SC, offer.ciphers),
            (LIBSSH2_METHOD_MAC_CS, offer.codes), (LIBSSH2_METHOD_MAC_SC, offer.codes),
        ] { libssh2_session_method_pref(pointer, method, list.joined(separator: ",")) }
        hasSocket = true
        let code = try wait(attempted, until: deadline) { Int(libssh2_session_handshake(pointer, socket.descriptor)) }
        guard code == 0 else { throw handshakeFailure(code, attempted, offer, deadline) }
        var size = 0
        var type: Int32 = 0
        guard let bytes = libssh2_session_hostkey(pointer, &size, &type),
            let key = HostKey(blob: UnsafeRawBufferPointer(start: bytes, count: size).map(\.self))
        else { throw failure(.protocolFailure, attempted, "the server presented no host key", "look at sshd's log") }
        return key
    }

    /// Types that known_hosts has come first; one that is known only by types that the library lacks is a mismatch.
    private func hostKeys(
        _ check: HostKeyCheck,
        except rejected: Set<String>,
        _ attempted: String
    ) throws(TransportError) -> [String] {
        let usable = signatures.filter { !rejected.contains(Methods.keyType(of: $0)) }
        let known = endpoint.pinnedHostKeys.isEmpty ? check.knownTypes : []
        let first = usable.filter { known.contains(Methods.keyType(of: $0)) }
        guard first.isEmpty, let type = known.first else { return first + usable.filter { !first.contains($0) } }
        throw failure(
            .algorithmMismatch,
            attempted,
            "known_hosts has only its \(type) key, which libssh2 cannot check",
            "use ssh.transport: openssh for this host, or add its ed25519 key to known_hosts"
        )
    }

    private func handshakeFailure(
        _ code: Int,
        _ attempted: String,
        _ ours: KeyExchangeOffer,
        _ deadline: Deadline
    ) -> TransportError {
        let mismatches = [LIBSSH2_ERROR_KEX_FAILURE, LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE, LIBSSH2_ERROR_METHOD_NONE]
        guard mismatches.contains(Int32(code)) else {
            return failure(
                .protocolFailure,
                attempted,
                lastError,
                "look at sshd's log on the host; a busy sshd drops connections (MaxStartups)"
            )
        }
        let gaps = ServerGreeting.offer(of: endpoint, deadline: deadline).map(ours.gaps) ?? []
        let version = libssh2_version(0).map { String(cString: $0) } ?? ""
        return failure(
            .algorithmMismatch,
            attempted,
            gaps.isEmpty ? "libssh2 \(version): \(lastError)" : "libssh2 \(version): " + gaps.joined(separator: "; "),
            "use ssh.transport: openssh for this host, or let its sshd offer one of ours"
        )
    }
}
