/// Where in the file the values of a resolved cluster were written.
struct InventoryPositions {
    let document: LocatedValue
    let hosts: [HostDraft]

    /// The position of a key's value, or of the nearest key above it that is written.
    func mark(_ path: String...) -> SourceMark {
        var value = document
        for key in path {
            guard let next = value[key] else { break }
            value = next
        }
        return value.mark
    }

    func isWritten(_ path: String...) -> Bool {
        path.reduce(Optional(document)) { value, key in value?[key] } != nil
    }

    /// The position of a host's key, or of its name where the key is not written.
    func mark(host index: Int, _ key: String) -> SourceMark { hosts[index].value(key)?.mark ?? hosts[index].mark }
}
