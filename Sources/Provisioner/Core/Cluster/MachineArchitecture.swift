/// A processor architecture as Debian, Go and the Kubernetes release pages spell it.
package enum MachineArchitecture: String, Sendable, CaseIterable {
    case amd64, arm64

    /// What this program was compiled for, so the operator's machine.
    package static var current: MachineArchitecture {
        #if arch(arm64)
        .arm64
        #else
        .amd64
        #endif
    }

    /// The word of `uname -m`.
    package var machine: String {
        switch self {
        case .amd64: "x86_64"
        case .arm64: "aarch64"
        }
    }

    /// From the word of `uname -m`; `nil` for processors that nothing is built for.
    package init?(machine: String) {
        guard let known = Self.allCases.first(where: { $0.machine == machine }) else { return nil }
        self = known
    }
}
