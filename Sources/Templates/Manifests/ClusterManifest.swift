/// Cluster objects in one file under the manifest directory, applied to the API by name.
package struct ClusterManifest: Sendable, Hashable {
    /// File name, for example `coredns.yaml`.
    package var name: String
    package var objects: [OrderedValue]
    package var paths: HostPaths

    package init(name: String, objects: [OrderedValue], paths: HostPaths = .standard) {
        self.name = name
        self.objects = objects
        self.paths = paths
    }

    /// The YAML documents, as `kubectl apply -f -` takes them.
    package var text: String { YAMLText.encode(documents: objects) }

    package func rendered() -> RenderedFile {
        let isSecret = objects.contains { $0["kind"] == "Secret" }
        return RenderedFile(
            path: paths.manifest(name),
            text: text,
            mode: 0o600,
            secrecy: isSecret ? .secret : .open
        )
    }
}
