/// A kubeconfig: with file paths for components, which read renewed files again, or self-contained for humans.
package struct Kubeconfig: Sendable {
    package enum Credentials: Sendable {
        /// Files on the same host.
        case files(certificateAuthority: String, client: KeyPairPaths)
        /// PEM text, put into the file.
        case embedded(certificateAuthority: String, certificate: String, key: Secret<String>)
    }

    package var path: String
    package var clusterName: String
    /// `https://ADDRESS:PORT`.
    package var server: String
    /// The user's entry, for example `system:node:worker-0` or `kubernetes-admin`.
    package var userName: String
    /// `nil`: `USER@CLUSTER`.
    package var contextName: String?
    /// What commands without a namespace are about; `nil` leaves it to kubectl.
    package var namespace: String?
    package var credentials: Credentials

    package init(
        path: String,
        clusterName: String,
        server: String,
        userName: String,
        contextName: String? = nil,
        namespace: String? = nil,
        credentials: Credentials
    ) {
        self.path = path
        self.clusterName = clusterName
        self.server = server
        self.userName = userName
        self.contextName = contextName
        self.namespace = namespace
        self.credentials = credentials
    }

    /// The document; with embedded credentials it holds the private key.
    package var value: OrderedValue {
        let context = contextName ?? "\(userName)@\(clusterName)"
        var cluster: OrderedValue = ["server": .string(server)]
        let user: OrderedValue
        switch credentials {
        case .files(let authority, let client):
            cluster["certificate-authority"] = .string(authority)
            user = ["client-certificate": .string(client.certificate), "client-key": .string(client.key)]
        case .embedded(let authority, let certificate, let key):
            cluster["certificate-authority-data"] = .string(Base64Text.encode(authority))
            user = [
                "client-certificate-data": .string(Base64Text.encode(certificate)),
                "client-key-data": .string(Base64Text.encode(key.reveal())),
            ]
        }
        var scope: OrderedValue = ["cluster": .string(clusterName), "user": .string(userName)]
        if let namespace { scope["namespace"] = .string(namespace) }
        return [
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [["name": .string(clusterName), "cluster": cluster]],
            "users": [["name": .string(userName), "user": user]],
            "contexts": [["name": .string(context), "context": scope]],
            "current-context": .string(context),
        ]
    }

    /// Mode 0600; secret when it holds the key itself.
    package func rendered() -> RenderedFile {
        let secrecy: RenderedFile.Secrecy =
            switch credentials {
            case .files: .open
            case .embedded: .secret
            }
        return RenderedFile(path: path, text: YAMLText.encode(value), mode: 0o600, secrecy: secrecy)
    }
}
