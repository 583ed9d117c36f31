import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// Tokens of service accounts that outlive the key that signed them.
extension RotationGates {
    /// The header of tokens that one generation signs.
    func header(_ generation: Int) throws -> String {
        let text = "{\"alg\":\"RS256\",\"kid\":\"\(try keyIdentifier(generation))\"}"
        return ServiceAccountToken.encode(Array(text.utf8))
    }

    func renewTokens(generation: Int) async throws {
        let words = try await scripts.require(
            RotationScripts.renewTokens(header: try header(generation)),
            on: try first(),
            attempted: "make token Secrets of the new key",
            remedy: remedy,
            seconds: 1200
        )
        tell("token Secrets: \(words.split(separator: "\n").last ?? "")")
    }

    /// Pods outside of kube-system are their owners' to restart; those that are just ending are waited for, and those that
    /// a kubelet still has to bring what was filled again.
    func requireNoOldTokens(generation: Int) async throws {
        var pods = try await podsWithOldTokens(generation)
        for _ in 0..<40 where !pods.isEmpty {
            try await Task.sleep(for: .seconds(3))
            pods = try await podsWithOldTokens(generation)
        }
        guard pods.isEmpty else {
            throw CommandFailure(
                "\(counted(pods.count, "pod still uses", "pods still use")) a token of the old key: \(pods.prefix(5).joined(separator: ", "))",
                remedy:
                    "restart them (kubectl rollout restart, or --restart-pods), then: provision certs rotate --resume --apply \(inventory)",
                status: .gateFailed
            )
        }
        tell("no pod uses a token Secret of the old key")
    }

    private func podsWithOldTokens(_ generation: Int) async throws -> [String] {
        let words = try await scripts.require(
            RotationScripts.podsWithOldTokens(header: try header(generation)),
            on: try first(),
            attempted: "list pods that use a token of the old key",
            remedy: remedy
        )
        let secrets = words.split(separator: "\n").filter { $0.hasPrefix("pod ") }.map { String($0.dropFirst(4)) }
        // Projected tokens lie in no Secret: the kubelet asks for a new one only late in the old one's life.
        let old = try store.trustState().inForce(.serviceAccount).accepted.filter { $0 != generation }.map(header)
        let mounted = try await mounting {
            RotationScripts.mountedTokens(of: old, in: RotationScripts.podDirectory(of: $0))
        }
        return Set(secrets + mounted).sorted()
    }

    func deleteOldTokens(generation: Int) async throws {
        try await scripts.require(
            RotationScripts.deleteOldTokens(header: try header(generation)),
            on: try first(),
            attempted: "delete token Secrets of the old key",
            remedy: remedy,
            seconds: 200
        )
    }
}
