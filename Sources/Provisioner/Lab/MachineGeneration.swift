import Foundation

/// How often a machine was made anew under its name; a machine-id is never used twice.
struct MachineGeneration {
    private let path: String

    init(_ configuration: LabConfiguration, _ host: LabHost) {
        path = "\(configuration.stateDirectory)/generation-\(host.name)"
    }

    /// 0 for the first machine of a name.
    var number: Int {
        (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { Int($0) } ?? 0
    }

    func next() throws { try String(number + 1).write(toFile: path, atomically: true, encoding: .utf8) }
}
