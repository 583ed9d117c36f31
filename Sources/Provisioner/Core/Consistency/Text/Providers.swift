import Templates

/// What a lane puts on its host, and when: the first resource that brings a path, and who may use it.
struct Providers {
    /// A file or a directory as it will lie on the host.
    struct Entry {
        /// The resource's place in the lane.
        var position: Int
        var mode: UInt16
        var owner: String
        var group: String
    }

    private var entries: [String: Entry] = [:]
    private var users: [String: Int] = ["root": -1]
    private var starts: [String: Int] = [:]

    init(_ resources: [any Resource]) {
        for (position, resource) in resources.enumerated() {
            switch resource {
            case let file as FileResource:
                add(file.file.path, Entry(position, file.file.mode, file.file.owner, file.file.group))
            case let binary as BinaryResource: add(binary.path, Entry(position, binary.mode, "root", "root"))
            case let directory as DirectoryResource:
                let owner = directory.owner.split(separator: ":").map(String.init)
                add(directory.path, Entry(position, directory.mode, owner.first ?? "root", owner.last ?? "root"))
            case let service as ServiceResource: starts[service.unit] = starts[service.unit] ?? position
            default: add(other: resource.id, position)
            }
        }
    }

    /// Packages bring their program, users are made by a command.
    private mutating func add(other id: String, _ position: Int) {
        let name = String(id.drop { $0 != ":" }.dropFirst())
        if id.hasPrefix("package:") { add("/usr/sbin/\(name)", Entry(position, 0o755, "root", "root")) }
        if id.hasPrefix("user:") { users[name] = users[name] ?? position }
    }

    /// Also the directories that are made on the way to it.
    private mutating func add(_ path: String, _ entry: Entry) {
        if entries[path] == nil { entries[path] = entry }
        for parent in Self.parents(of: path) where entries[parent] == nil {
            entries[parent] = Entry(entry.position, 0o755, "root", "root")
        }
    }

    /// The directories above a path, the nearest first.
    static func parents(of path: String) -> [String] {
        var parents: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/"), slash > rest.startIndex {
            rest = rest[..<slash]
            parents.append(String(rest))
        }
        return parents
    }

    func entry(_ path: String) -> Entry? { entries[path] }
    /// When a user is there; `nil` for one that nothing makes.
    func position(ofUser name: String) -> Int? { users[name] }
    /// When a unit starts; a unit that no resource starts comes after everything.
    func start(of unit: String) -> Int { starts[unit] ?? .max }
}

extension Providers.Entry {
    fileprivate init(_ position: Int, _ mode: UInt16, _ owner: String, _ group: String) {
        self.init(position: position, mode: mode, owner: owner, group: group)
    }
}
