import NIOHTTP1
import SystemPackage

@testable import ProvisionArtifacts

/// Small releases under the projects' real paths, for both architectures.
struct Mirror: Sendable {
    let files: [String: [UInt8]]

    var answer: FileServer.Answer {
        { request in files[request.uri].map { .file($0) } ?? .status(.notFound) }
    }

    static func build(in scratch: FilePath) async throws -> Mirror {
        var files: [String: [UInt8]] = [:]
        var etcdSums = ""
        var runcSums = ""
        for arch in Architecture.allCases.map(\.rawValue) {
            let kubelet = Array("kubelet \(arch)".utf8)
            let path = "/dl.k8s.io/v1.36.2/bin/linux/\(arch)/kubelet"
            files[path] = kubelet
            files["\(path).sha256"] = Array(FileHasher.hash(kubelet).utf8)

            let runc = Array("runc \(arch)".utf8)
            files["/github.com/opencontainers/runc/releases/download/v1.3.0/runc.\(arch)"] = runc
            runcSums += "\(FileHasher.hash(runc))  runc.\(arch)\n"

            let name = "etcd-v3.6.5-linux-\(arch)"
            let programs = ["\(name)/etcd", "\(name)/etcdctl", "\(name)/README.md"]
            let etcd = try await archive(programs, in: scratch.appending(name))
            files["/github.com/etcd-io/etcd/releases/download/v3.6.5/\(name).tar.gz"] = etcd
            etcdSums += "\(FileHasher.hash(etcd))  \(name).tar.gz\n"

            let coredns = "coredns_1.12.0_linux_\(arch).tgz"
            let server = try await archive(["coredns"], in: scratch.appending(coredns))
            let releases = "/github.com/coredns/coredns/releases/download/v1.12.0"
            files["\(releases)/\(coredns)"] = server
            files["\(releases)/\(coredns).sha256"] = Array("\(FileHasher.hash(server))  \(coredns)\n".utf8)

            let cni = "cni-plugins-linux-\(arch)-v1.7.1.tgz"
            let plugins = try await archive(["./bridge", "./dhcp"], in: scratch.appending(cni))
            let folder = "/github.com/containernetworking/plugins/releases/download/v1.7.1"
            files["\(folder)/\(cni)"] = plugins
            files["\(folder)/\(cni).sha256"] = Array("\(FileHasher.hash(plugins))  \(cni)\n".utf8)
        }
        files["/github.com/etcd-io/etcd/releases/download/v3.6.5/SHA256SUMS"] = Array(etcdSums.utf8)
        files["/github.com/opencontainers/runc/releases/download/v1.3.0/runc.sha256sum"] = Array(runcSums.utf8)
        return Mirror(files: files)
    }

    /// A tar.gz whose members hold their own names and the folder's.
    private static func archive(_ members: [String], in folder: FilePath) async throws -> [UInt8] {
        for member in members {
            let text = "\(member) in \(folder.lastComponent?.string ?? "")"
            try Files.write(Array(text.utf8), to: folder.appending(member))
        }
        let path = FilePath("\(folder.string).packed")
        _ = try await Command("tar", ["-czf", path.string, "-C", folder.string] + members).output()
        return try Files.read(path)
    }
}
