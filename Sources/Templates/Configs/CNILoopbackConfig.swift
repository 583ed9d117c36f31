/// The loopback interface of every pod.
package struct CNILoopbackConfig: Sendable {
    package var cniVersion = "0.4.0"
    package var paths: HostPaths

    package init(paths: HostPaths = .standard) { self.paths = paths }

    package func rendered() -> RenderedFile {
        let value: OrderedValue = ["cniVersion": .string(cniVersion), "name": "lo", "type": "loopback"]
        return RenderedFile(path: paths.cniLoopback, text: JSONText.encode(value), mode: 0o600, secrecy: .open)
    }
}
