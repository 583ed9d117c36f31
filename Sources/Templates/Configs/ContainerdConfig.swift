/// containerd's configuration: layout 2 for containerd 1.x, layout 3 for 2.x.
package struct ContainerdConfig: Sendable {
    package enum Layout: Int64, Sendable, Hashable {
        case two = 2
        case three = 3

        /// By the release, for example `1.6.20` or `2.1.4`.
        package init(containerdVersion: String) {
            let major = containerdVersion.drop { $0 == "v" }.prefix { $0 != "." }
            self = (Int(major) ?? 2) >= 2 ? .three : .two
        }
    }

    package var layout: Layout
    package var sandboxImage: String
    package var systemdCgroup: Bool
    /// True where a negative oom_score_adj is refused (no CAP_SYS_RESOURCE); else no sandbox starts there.
    package var restrictOOMScoreAdj: Bool
    /// Laid over what is rendered; replaces or adds.
    package var extraFields: OrderedValue = [:]
    package var paths: HostPaths

    package init(
        layout: Layout,
        sandboxImage: String,
        systemdCgroup: Bool,
        restrictOOMScoreAdj: Bool = false,
        paths: HostPaths = .standard
    ) {
        self.layout = layout
        self.sandboxImage = sandboxImage
        self.systemdCgroup = systemdCgroup
        self.restrictOOMScoreAdj = restrictOOMScoreAdj
        self.paths = paths
    }

    package var value: OrderedValue {
        var value: OrderedValue = ["version": .integer(layout.rawValue)]
        value["grpc"] = ["address": .string(paths.containerdSocket)]
        value["plugins"] =
            switch layout {
            case .two: ["io.containerd.grpc.v1.cri": layoutTwo]
            case .three: ["io.containerd.cri.v1.images": images, "io.containerd.cri.v1.runtime": runtime]
            }
        return value.merging(extraFields)
    }

    private var registry: OrderedValue { ["config_path": .string(paths.registryConfigDirectory)] }

    private var cni: OrderedValue {
        switch layout {
        case .two: ["bin_dir": .string(paths.cniBinDirectory), "conf_dir": .string(paths.cniConfigDirectory)]
        // The directory of the plugins is `bin_dir` in 2.0 and a list later; the default is the standard place.
        case .three: ["conf_dir": .string(paths.cniConfigDirectory)]
        }
    }

    private var containerd: OrderedValue {
        [
            "default_runtime_name": "runc",
            "runtimes": [
                "runc": [
                    "runtime_type": "io.containerd.runc.v2",
                    "options": [
                        "BinaryName": .string(paths.binary("runc")), "SystemdCgroup": .bool(systemdCgroup),
                    ],
                ]
            ],
        ]
    }

    private var runtime: OrderedValue {
        ["restrict_oom_score_adj": .bool(restrictOOMScoreAdj), "containerd": containerd, "cni": cni]
    }

    private var images: OrderedValue {
        ["pinned_images": ["sandbox": .string(sandboxImage)], "registry": registry]
    }

    private var layoutTwo: OrderedValue {
        var value = runtime
        value["sandbox_image"] = .string(sandboxImage)
        value["registry"] = registry
        return value
    }

    package func rendered() -> RenderedFile {
        RenderedFile(
            path: paths.containerdConfig,
            text: TOMLText.encode(value),
            secrecy: .judged(by: extraFields.names)
        )
    }
}
