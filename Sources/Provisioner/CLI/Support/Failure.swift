import ArgumentParser
import PKI
import ProvisionArtifacts
import ProvisionCore
import ProvisionEngine
import ProvisionLab

/// A verb that cannot go on: what, what to do, and the exit status that says so.
struct CommandFailure: Error, CustomStringConvertible {
    let message: String
    let remedy: String
    let status: ExitStatus

    init(_ message: String, remedy: String, status: ExitStatus) {
        self.message = message
        self.remedy = remedy
        self.status = status
    }

    var description: String { "× \(message)\n  try  \(remedy)" }
}

extension ExitStatus {
    /// Ends the verb with this status.
    var code: ExitCode { ExitCode(rawValue) }
}

extension CredentialStoreError {
    /// A store in which somebody else is at work is locked; everything else is a reason not to begin.
    var status: ExitStatus { code == .busy ? .lockHeld : .refused }
}

extension LabError {
    /// A name that the lab does not have is a slip of who typed it.
    var status: ExitStatus {
        switch code {
        case .subnetInUse: .refused
        case .unknownHost: .usage
        default: .failed
        }
    }
}

/// Shows a known error in full and turns it into its exit status, with which the run's record ends.
func reporting(_ console: Console, _ body: () async throws -> Void) async throws {
    do { try await body() } catch {
        let end = shown(error, console)
        console.journal.finish(Provision.exitCode(for: end).rawValue)
        throw end
    }
    console.journal.finish(ExitStatus.success.rawValue)
}

/// Shows an error, where it is known.
///
/// - Returns: The exit status that it stands for; the error itself where somebody else shows it.
private func shown(_ error: any Error, _ console: Console) -> any Error {
    switch error {
    case let failure as CommandFailure:
        console.problem(failure.message, remedy: failure.remedy)
        return failure.status.code
    case let failure as CredentialStoreError:
        console.problem("× \(failure)")
        return failure.status.code
    case let failure as LabError:
        console.problem(failure.description)
        return failure.status.code
    case let failure as ArtifactError:
        console.problem(failure.description)
        return ExitStatus.failed.code
    case let failure as ArtifactFailures:
        console.problem(failure.description)
        return ExitStatus.failed.code
    case let error as TransportError:
        console.problem("\(error.host): \(error.summary)", remedy: error.remedy)
        return ExitStatus.failed.code
    case let error as SealedArchiveError:
        console.problem("\(error)", remedy: error.remedy)
        return ExitStatus.failed.code
    case let error as OpenSSLError:
        console.problem("× \(error)")
        return ExitStatus.failed.code
    case is ExitCode: return error
    default:
        console.journal.append(RunEvent(.problem, message: "\(error)"))
        return error
    }
}
