import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Decides whether a failed attempt is worth another one, and says it in words.
struct DownloadFailure: Error {
    let error: ArtifactError
    let isTransient: Bool

    /// A response status other than success.
    init?(status: HTTPResponseStatus, url: String) {
        switch status.code {
        case 200, 206:
            return nil
        case 404, 410:
            self.init(.notFound, url, "HTTP \(status.code)", "check that this version and architecture were released")
        case 401, 403:
            self.init(.forbidden, url, "HTTP \(status.code)", "check access to the server or the mirror")
        case 407:
            self.init(.forbidden, url, "HTTP 407 from the proxy", "put user and password into the proxy's URL")
        case 408, 425, 429, 500...599:
            self.init(.transfer, url, "HTTP \(status.code)", "the server is in trouble; try later", transient: true)
        default:
            self.init(.transfer, url, "HTTP \(status.code) \(status.reasonPhrase)", "check the URL in a browser")
        }
    }

    /// An error from the connection or from reading the body.
    init(_ error: any Error, url: String, proxy: String?) {
        switch error {
        case let failure as DownloadFailure:
            self = failure
        case let error as ArtifactError:
            self.init(error: error, isTransient: false)
        case let error as HTTPClientError where Self.timeouts.contains(error):
            self.init(.timeout, url, "\(error.shortDescription)", Self.hint(proxy), transient: true)
        case let error as HTTPClientError where Self.permanent.contains(error):
            self.init(.transfer, url, "\(error.shortDescription)", "check the URL")
        default:
            self.init(.transfer, url, Self.words(error), Self.hint(proxy), transient: true)
        }
    }

    init(_ code: ArtifactError.Code, _ url: String, _ reason: String, _ remedy: String, transient: Bool = false) {
        let error = ArtifactError(code, subject: url, attempted: "download it", reason: reason, remedy: remedy)
        self.init(error: error, isTransient: transient)
    }

    private init(error: ArtifactError, isTransient: Bool) {
        self.error = error
        self.isTransient = isTransient
    }

    private static let timeouts: [HTTPClientError] = [.readTimeout, .connectTimeout, .deadlineExceeded, .writeTimeout]
    private static let permanent: [HTTPClientError] = [
        .invalidURL, .emptyHost, .redirectLimitReached, .redirectCycleDetected, .missingSocketPath,
    ]

    private static func words(_ error: any Error) -> String {
        (error as? HTTPClientError)?.shortDescription ?? ConnectionWords.plain("\(error)")
    }

    private static func hint(_ proxy: String?) -> String {
        (proxy == nil
            ? "check the network; behind a proxy set http_proxy, https_proxy and no_proxy"
            : "check the network and the proxy named by the environment")
            + "; for a machine without a network: provision artifacts bundle on another, artifacts.source directory here"
    }
}
