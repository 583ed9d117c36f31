import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// What the API and etcd must hold.
extension RotationGates {
    func rootBundles(_ authorities: [String: [UInt8]]) async throws {
        let bundle = authorities["kubernetes-ca"] ?? []
        try await scripts.require(
            RotationScripts.rootBundles(sha256: SHA256Digest.hex(of: bundle)),
            on: try first(),
            attempted: "see the bundle in every namespace's kube-root-ca.crt",
            remedy: remedy
        )
        tell("kube-root-ca.crt of every namespace holds the bundle")
    }

    func restartSystemPods() async throws {
        let words = try await scripts.require(
            RotationScripts.restartSystemPods,
            on: try first(),
            attempted: "restart the pods of kube-system",
            remedy: remedy,
            seconds: 400
        )
        tell("pods of kube-system: \(words.split(separator: "\n").last ?? "none")")
    }

    func renewAuthenticationConfig() async throws {
        try await scripts.require(
            RotationScripts.renewAuthenticationConfig,
            on: try first(),
            attempted: "let API servers write extension-apiserver-authentication again",
            remedy: remedy
        )
        tell("extension-apiserver-authentication was written anew")
    }

    func encryptSecrets(rewriting: Bool, under generation: Int) async throws {
        let provider = run.spec.features.encryption.rawValue
        if rewriting {
            try await scripts.require(
                RotationScripts.rewriteSecrets,
                on: try first(),
                attempted: "rewrite every Secret",
                remedy: remedy
            )
        }
        guard let member = run.spec.hosts(.etcd).first else { return }
        let words = try await scripts.require(
            RotationScripts.encryptedWith(
                provider: provider,
                key: "key\(generation)",
                address: member.internalAddress.description
            ),
            on: member,
            attempted: "see every Secret in etcd under key\(generation)",
            remedy: remedy
        )
        tell("etcd: \(words)")
    }
}
