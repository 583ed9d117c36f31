/// The TLS settings that every Kubernetes server here gets (CIS 1.2.29, 4.2.12).
package enum TLSPolicy {
    package static let minimumVersion = "VersionTLS12"

    /// Forward secrecy and authenticated encryption only; known to Go since 1.14, so to Kubernetes 1.20.
    package static let cipherSuites = [
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    ]
}
