// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "provision",
    products: [.executable(name: "provision", targets: ["provision"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // Pure: typed inputs -> RenderedFile.
        .target(name: "Templates", path: "Sources/Templates", swiftSettings: settings),

        // OpenSSL behind safe Swift types; swift-certificates as the independent verifier.
        .systemLibrary(
            name: "COpenSSL",
            path: "Sources/PKI/COpenSSL",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .target(
            name: "PKI",
            dependencies: [
                "COpenSSL", "Templates",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            path: "Sources/PKI",
            exclude: ["COpenSSL"],
            swiftSettings: settings
        ),

        // Pure: inventory, cluster, resources, components, plan.
        .target(
            name: "ProvisionCore",
            dependencies: [
                "Templates", "PKI",
                .product(name: "Yams", package: "Yams"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Sources/Provisioner/Core",
            swiftSettings: settings
        ),

        // The effectful shell: siblings, none imports another.
        .target(
            name: "ProvisionEngine",
            dependencies: [
                "ProvisionCore", "Templates",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Sources/Provisioner/Engine",
            swiftSettings: settings
        ),
        .target(
            name: "ProvisionArtifacts",
            dependencies: [
                "Templates",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Sources/Provisioner/Artifacts",
            swiftSettings: settings
        ),
        .systemLibrary(
            name: "CLibSSH2",
            path: "Sources/Provisioner/SSH/CLibSSH2",
            pkgConfig: "libssh2",
            providers: [.apt(["libssh2-1-dev"])]
        ),
        .target(
            name: "ProvisionSSH",
            dependencies: [
                "CLibSSH2", "ProvisionCore", "Templates",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Sources/Provisioner/SSH",
            exclude: ["CLibSSH2"],
            swiftSettings: settings
        ),
        .target(
            name: "ProvisionLab",
            dependencies: [
                "ProvisionCore", "Templates",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Sources/Provisioner/Lab",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "provision",
            dependencies: [
                "ProvisionCore", "ProvisionEngine", "ProvisionArtifacts", "ProvisionSSH", "ProvisionLab", "PKI",
                "Templates",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Yams", package: "Yams"),
            ],
            path: "Sources/Provisioner/CLI",
            swiftSettings: settings
        ),

        .testTarget(
            name: "TemplatesTests",
            dependencies: ["Templates"],
            path: "Tests/Templates",
            exclude: ["Golden", "Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(name: "PKITests", dependencies: ["PKI", "Templates"], path: "Tests/PKI", swiftSettings: settings),
        .testTarget(
            name: "CoreTests",
            dependencies: ["ProvisionCore", "Templates", "PKI"],
            path: "Tests/Core",
            exclude: ["Golden", "Fixtures"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "ProvisionEngine", "ProvisionCore", "Templates",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/Engine",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ArtifactsTests",
            dependencies: [
                "ProvisionArtifacts", "Templates",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/Artifacts",
            swiftSettings: settings
        ),
        .testTarget(
            name: "SSHTests",
            dependencies: [
                "ProvisionSSH", "ProvisionCore", "Templates",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/SSH",
            swiftSettings: settings
        ),
        .testTarget(
            name: "CLITests",
            dependencies: [
                "provision", "ProvisionArtifacts", "ProvisionCore", "ProvisionEngine", "PKI", "Templates",
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Yams", package: "Yams"),
            ],
            path: "Tests/CLI",
            swiftSettings: settings
        ),
        .testTarget(
            name: "LabTests",
            dependencies: ["ProvisionLab", "ProvisionCore"],
            path: "Tests/Lab",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ClusterTests",
            dependencies: [
                "Templates",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/Cluster",
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)
