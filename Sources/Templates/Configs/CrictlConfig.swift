/// crictl.yaml: the runtime that crictl asks.
package struct CrictlConfig: Sendable {
    package var paths: HostPaths

    package init(paths: HostPaths = .standard) { self.paths = paths }

    package func rendered() -> RenderedFile {
        let endpoint = OrderedValue.string("unix://\(paths.containerdSocket)")
        let value: OrderedValue = ["runtime-endpoint": endpoint, "image-endpoint": endpoint, "timeout": 10]
        return RenderedFile(path: paths.crictlFile, text: YAMLText.encode(value), secrecy: .open)
    }
}
