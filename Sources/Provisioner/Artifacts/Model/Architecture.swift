/// A processor architecture as Debian, Go and the Kubernetes release pages all spell it.
package enum Architecture: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case amd64
    case arm64

    /// The architecture this program was compiled for.
    package static var current: Architecture {
        #if arch(arm64)
        .arm64
        #else
        .amd64
        #endif
    }

    package static func < (left: Architecture, right: Architecture) -> Bool {
        left.rawValue < right.rawValue
    }
}
