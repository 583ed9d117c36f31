/// The tool's version and the versions of its machine-readable contracts.
enum Version {
    static let number = "0.1.0"
    /// Counted up when a field of the JSON outputs or of the run record changes its meaning.
    static let schema = 1
    static let text = "provision \(number)"
}
