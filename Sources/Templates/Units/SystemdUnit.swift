/// A systemd unit file as ordered sections; the values are already quoted for their settings.
package struct SystemdUnit: Sendable, Hashable {
    package struct Setting: Sendable, Hashable {
        package var key: String
        package var value: String

        package init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    /// `etcd.service`.
    package var name: String
    package var description: String
    package var documentation: String?
    /// Settings of the sections; `[Install]` is the same for every unit here.
    package var unit: [Setting]
    package var service: [Setting]

    package init(
        name: String,
        description: String,
        documentation: String? = nil,
        after: [String] = [],
        wants: [String] = [],
        service: [Setting]
    ) {
        self.name = name
        self.description = description
        self.documentation = documentation
        self.service = service
        unit = [
            Setting("Wants", (["network-online.target"] + wants).joined(separator: " ")),
            Setting("After", (["network-online.target"] + after).joined(separator: " ")),
        ]
        // Components wait for one another by failing and starting again: never give up.
        unit.append(Setting("StartLimitIntervalSec", "0"))
    }

    /// The file, readable by root only (CIS 1.1.1, 4.1.1).
    package func rendered(in paths: HostPaths, secrecy: RenderedFile.Secrecy = .open) -> RenderedFile {
        RenderedFile(path: paths.unit(name), text: text, mode: 0o600, secrecy: secrecy)
    }

    package var text: String {
        var head = [Setting("Description", description.replacingPercent)]
        if let documentation { head.append(Setting("Documentation", documentation)) }
        let sections = [
            ("Unit", head + unit), ("Service", service), ("Install", [Setting("WantedBy", "multi-user.target")]),
        ]
        return sections.map { name, settings in
            "[\(name)]\n" + settings.map { "\($0.key)=\($0.value)\n" }.joined()
        }.joined(separator: "\n")
    }
}

extension String {
    /// Specifiers escaped for a setting that is not split into words.
    fileprivate var replacingPercent: String {
        split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    }
}
