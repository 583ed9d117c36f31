import Templates

/// haproxy.cfg read back: which port leads to which servers.
struct HAProxyText {
    /// One `frontend` or `backend`.
    struct Section {
        var kind: String
        var name: String
        /// Lines as words.
        var lines: [[String]] = []

        func values(_ keyword: String) -> [[String]] {
            lines.filter { $0.first == keyword }.map { Array($0.dropFirst()) }
        }
    }

    private(set) var sections: [Section] = []

    init(_ file: RenderedFile) {
        for line in file.text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if line.first != " ", words.count > 0 {
                sections.append(Section(kind: words[0], name: words.dropFirst().first ?? ""))
            } else if let last = sections.indices.last {
                sections[last].lines.append(words)
            }
        }
    }

    /// The backend behind a port.
    func backend(ofPort port: UInt16) -> Section? {
        let front = sections.first { section in
            section.kind == "frontend" && section.values("bind").contains { $0.first?.hasSuffix(":\(port)") == true }
        }
        let name = front?.values("default_backend").first?.first
        return sections.first { $0.kind == "backend" && $0.name == name }
    }

    /// Files that haproxy reads at its start, by keyword.
    var paths: [(keyword: String, path: String)] {
        sections.flatMap(\.lines).flatMap { words in
            zip(words, words.dropFirst()).filter { ["ca-file", "crt"].contains($0.0) }.map { ($0.0, $0.1) }
        }
    }
}
