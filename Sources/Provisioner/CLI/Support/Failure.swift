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

/// Shows a known error in full and turns it into its exit status.
func reporting(_ console: Console, _ body: () async throws -> Void) async throws {
    do { try await body() } catch let failure as CommandFailure {
        console.problem(failure.description)
        throw failure.status.code
    } catch let failure as CredentialStoreError {
        console.problem("× \(failure)")
        throw ExitStatus.refused.code
    } catch let failure as LabError {
        console.problem(failure.description)
        throw (failure.code == .subnetInUse ? ExitStatus.refused : .failed).code
    } catch let failure as ArtifactError {
        console.problem(failure.description)
        throw ExitStatus.failed.code
    } catch let error as TransportError {
        console.problem("× \(error.host): \(error.summary)\n  try  \(error.remedy)")
        throw ExitStatus.failed.code
    } catch let error as SealedArchiveError {
        console.problem("× \(error)\n  try  \(error.remedy)")
        throw ExitStatus.failed.code
    } catch let error as OpenSSLError {
        console.problem("× \(error)")
        throw ExitStatus.failed.code
    }
}
