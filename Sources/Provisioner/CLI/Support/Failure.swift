import ArgumentParser
import ProvisionCore

extension ExitStatus {
    /// Ends the verb with this status.
    var code: ExitCode { ExitCode(rawValue) }
}
