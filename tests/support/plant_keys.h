#pragma once

#include "core/crypto/issued_certificate.h"
#include "core/system/durable_file.h"
#include "core/transport/agent_files.h"
#include "core/transport/tls_role.h"
#include "tests/support/must.h"

#include <QTemporaryDir>

namespace enroll::test {

/// An authority for stations and agents, fresh for each object, and the files of those that it signs.
class PlantKeys {
public:
    /// The ends of which the certificate is good for those names, from a day before \p now on for \p days.
    struct Wish {
        std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
        int days = 30;
        UtcTime now = utcNow();
    };

    /// The authority is older than what it signs, so that a test may look at either from the past.
    explicit PlantKeys(const std::string& plant = "Plant 1", UtcTime now = utcNow() - std::chrono::days{100})
        : m_authority(must(crypto::makeAuthority(plant, now)))
    {}

    [[nodiscard]] crypto::KeyAndCertificate issue(transport::TlsRole role, const Wish& wish) const
    {
        const auto use =
            role == transport::TlsRole::Station ? crypto::CertificateRole::Client : crypto::CertificateRole::Server;
        return must(crypto::makeCertificate(m_authority, {wish.names, use, std::chrono::days{wish.days}}, wish.now));
    }

    /// Files in a folder that goes with this object: this authority's certificate, one that it signed, and its key.
    [[nodiscard]] transport::AgentFiles files(transport::TlsRole role, const Wish& wish) const
    {
        const auto pair = issue(role, wish);
        const auto stem = std::to_string(++m_made);
        return {written("ca.pem", asBytes(m_authority.certificate)), written(stem + ".pem", asBytes(pair.certificate)),
                written(stem + "-key.pem", pair.privateKey.view())};
    }
    [[nodiscard]] transport::AgentFiles files(transport::TlsRole role) const { return files(role, Wish{}); }

    /// A directory in that folder, as `enrollctl agent-keys` makes one for a machine.
    [[nodiscard]] std::filesystem::path directory(transport::TlsRole role, const Wish& wish) const
    {
        const auto made = files(role, wish);
        auto directory = folder() / ("machine-" + std::to_string(m_made));
        const auto machine = transport::filesOfMachine(directory);
        std::filesystem::create_directory(directory);
        std::filesystem::copy_file(made.caFile, machine.caFile);
        std::filesystem::rename(made.certificateFile, machine.certificateFile);
        std::filesystem::rename(made.keyFile, machine.keyFile);
        return directory;
    }
    [[nodiscard]] std::filesystem::path directory(transport::TlsRole role) const { return directory(role, Wish{}); }

    [[nodiscard]] const std::string& certificate() const noexcept { return m_authority.certificate; }

    /// As files(), with the authority's own certificate and key in the place of one that it signed.
    [[nodiscard]] transport::AgentFiles filesOfAuthority() const
    {
        const auto certificate = written("ca.pem", asBytes(m_authority.certificate));
        return {certificate, certificate, written("ca-key.pem", m_authority.privateKey.view())};
    }

    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    /// A file of this folder, for its owner alone.
    [[nodiscard]] std::filesystem::path written(const std::string& name, ByteView content) const
    {
        auto file = folder() / name;
        system::writeDurably(file, content, system::FileMode::OwnerOnly).value();
        return file;
    }

private:
    QTemporaryDir m_folder;
    crypto::KeyAndCertificate m_authority;
    mutable int m_made = 0;
};

} // namespace enroll::test
