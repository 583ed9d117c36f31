import Foundation

/// Why a file that was given by its path cannot be read, and what to do, which never writes over what is there.
struct UnreadableFile {
    /// What the file should have been.
    enum Kind: String { case inventory, playbook }

    /// The path as it was given, or a word where there is none to show.
    let subject: String
    let reason: String
    let remedy: String

    /// The content of a file; `nil` for a directory and whatever else cannot be read.
    static func contents(_ path: String) -> Data? {
        guard !path.isEmpty, path != "-" else { return nil }
        let absolute = Places.absolute(path)
        return leadsToDirectory(absolute) == false ? FileManager.default.contents(atPath: absolute) : nil
    }

    init(_ path: String, _ kind: Kind) {
        subject = path.isEmpty ? kind.rawValue : path
        (reason, remedy) = Self.words(path, kind)
    }

    private static func words(_ path: String, _ kind: Kind) -> (reason: String, remedy: String) {
        if path == "-" { return ("standard input is not read", "give a file") }
        if path.isEmpty {
            return ("the \(kind.rawValue)'s path is empty", "give its file; a shell variable may be unset")
        }
        let absolute = Places.absolute(path)
        guard let isDirectory = leadsToDirectory(absolute) else { return ("there is no such file", missing(kind)) }
        if isDirectory { return ("it is a directory", "give the \(kind.rawValue)'s file") }
        return FileManager.default.isReadableFile(atPath: absolute)
            ? ("it cannot be read as a file", "give a regular file")
            : ("permission denied", "run as a user who may read it, or change its owner or mode")
    }

    private static func missing(_ kind: Kind) -> String {
        switch kind {
        case .inventory: "check the path; a new inventory: provision init > inventory.yaml"
        case .playbook: "check the path; those that come with provision lie in its folder playbooks/, as NAME.yaml"
        }
    }

    /// `nil` where nothing is.
    private static func leadsToDirectory(_ path: String) -> Bool? {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return nil }
        return isDirectory.boolValue
    }
}
