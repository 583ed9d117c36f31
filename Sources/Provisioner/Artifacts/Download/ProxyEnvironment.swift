import AsyncHTTPClient
import FoundationEssentials

/// The proxy variables `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, read as curl reads them.
///
/// Upper-case `HTTP_PROXY` is ignored, because a CGI request header could set it.
package struct ProxyEnvironment: Sendable, Hashable {
    private let http: String?
    private let https: String?
    private let excluded: [String]

    package init(_ environment: [String: String]) {
        func first(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        http = first("http_proxy", "all_proxy", "ALL_PROXY")
        https = first("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        excluded = (first("no_proxy", "NO_PROXY") ?? "")
            .split { $0 == "," || $0.isWhitespace }
            .map { $0.lowercased() }
    }

    /// The proxy URL for a target URL, or nothing for a direct connection.
    package func proxy(for target: String) -> String? {
        guard let url = URL(string: target), let host = url.host()?.lowercased() else { return nil }
        guard !excluded.contains(where: { Self.matches(host, $0) }) else { return nil }
        return url.scheme == "https" ? https : http
    }

    /// The same as the HTTP client wants it; a proxy without a port has 1080, as with curl.
    func clientProxy(for target: String) throws(ArtifactError) -> HTTPClient.Configuration.Proxy? {
        guard let text = proxy(for: target) else { return nil }
        guard let url = URL(string: text.contains("://") ? text : "http://\(text)"), let host = url.host(),
            url.scheme == "http"
        else { throw Self.unusable(text, target) }
        let port = url.port ?? 1080
        guard let user = url.user() else { return .server(host: host, port: port) }
        return .server(
            host: host,
            port: port,
            authorization: .basic(username: user, password: url.password() ?? "")
        )
    }

    private static func matches(_ host: String, _ pattern: String) -> Bool {
        if pattern == "*" { return true }
        let name = pattern.hasPrefix(".") ? String(pattern.dropFirst()) : pattern
        return host == name || host.hasSuffix("." + name)
    }

    private static func unusable(_ proxy: String, _ target: String) -> ArtifactError {
        // The value may hold a password, so only its scheme is told.
        ArtifactError(
            .unsupported,
            subject: target,
            attempted: "use the proxy named by the environment",
            reason: "its URL (scheme \(proxy.split(separator: ":").first ?? "none")) is not an http:// proxy",
            remedy: "set http_proxy and https_proxy to http://HOST:PORT, or list the host in no_proxy"
        )
    }
}
