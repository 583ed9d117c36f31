/// Kernel modules of a node, loaded at every boot.
package struct ModulesFile: Sendable {
    package var modules: [String]
    package var paths: HostPaths

    package init(modules: [String] = ["overlay", "br_netfilter"], paths: HostPaths = .standard) {
        self.modules = modules
        self.paths = paths
    }

    package func rendered() -> RenderedFile {
        RenderedFile(path: paths.modulesFile, text: modules.map { $0 + "\n" }.joined(), secrecy: .open)
    }
}
