/// A kubeconfig's current context, as a client would use it.
struct KubeconfigText {
    let path: String
    /// `https://ADDRESS:PORT`.
    let server: String?
    let user: String?
    /// `nil` where the certificate is embedded.
    let clientCertificate: String?
    /// `nil` where the authority is embedded.
    let authority: String?

    /// Reads a document of kind `Config`.
    init?(path: String, _ document: ConfigDocument) {
        guard document["kind"]?.text == "Config" else { return nil }
        let context = document["contexts"]?.item("name", document["current-context"]?.text)?["context"]
        let name = context?["user"]?.text
        self.path = path
        let cluster = document["clusters"]?.item("name", context?["cluster"]?.text)?["cluster"]
        server = cluster?["server"]?.text
        authority = cluster?["certificate-authority"]?.text
        user = name
        clientCertificate = document["users"]?.item("name", name)?["user", "client-certificate"]?.text
    }

    /// The server's name or address, without scheme and port.
    var serverName: String? {
        server.map { text in
            let rest = text.split(separator: "/").dropFirst().first.map(String.init) ?? text
            return rest.split(separator: ":").first.map(String.init) ?? rest
        }
    }
}
