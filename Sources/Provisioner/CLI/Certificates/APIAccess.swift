import Foundation
import PKI
import ProvisionCore
import Templates

/// A client certificate for the API and what shows it: the administrator's, or that of a user.
struct APIAccess {
    let spec: ClusterSpec
    /// The bundle that API servers are verified with, PEM.
    let authority: [UInt8]
    let leaf: Credentials.Leaf
    /// `nil`: the administrator.
    let user: String?

    private var name: String { user ?? "kubernetes-admin" }

    /// Everything embedded, through the load balancer; a user's context is `USER@CLUSTER`.
    func kubeconfig(namespace: String? = nil) -> String {
        Kubeconfig(
            path: "kubeconfig",
            clusterName: spec.name,
            server: spec.apiURL,
            userName: name,
            contextName: user.map { "\($0)@\(spec.name)" } ?? spec.name,
            namespace: namespace,
            credentials: .embedded(
                certificateAuthority: String(decoding: authority, as: UTF8.self),
                certificate: String(decoding: leaf.certificate, as: UTF8.self),
                key: Secret(String(decoding: leaf.key.reveal(), as: UTF8.self))
            )
        ).rendered().text
    }

    func pkcs12(password: Secret<String>) throws -> Secret<[UInt8]> {
        try PKCS12.export(
            certificate: leaf.certificate,
            key: leaf.key,
            authority: authority,
            name: "\(name)@\(spec.name)",
            password: password
        )
    }

    /// What is said of a user's certificate that ends before the time that was asked for; `nil` where it does not.
    ///
    /// - Parameters:
    ///   - asked: How long it was to live, in seconds.
    ///   - now: Seconds since 1970.
    /// - Returns: The words.
    func shortened(_ asked: Int64, now: Int64) -> String? {
        guard leaf.notAfter < now + asked else { return nil }
        let end = Date(timeIntervalSince1970: TimeInterval(leaf.notAfter)).formatted(.iso8601)
        let span = TimeSpan(seconds: asked).text
        return "the certificate of \(name) ends on \(end), before \(span) are over: none outlives its authority, "
            + "and one that was signed elsewhere lives as long as was written there"
    }
}
