#pragma once

#include "core/base/bytes.h"
#include "core/crypto/pem_file.h"
#include "tests/support/certificate_maker.h"

#include <QTemporaryDir>

#include <fstream>

namespace enroll::test {

/// A directory of its own, and three authorities: a root, an intermediate below it, and one below a root that nobody has.
struct TrustRoom {
    QTemporaryDir temporary;
    TestKey key = TestKey::ecc();
    crypto::Certificate root = makeCertificate(authorityPlan("Root", "Root"), key, key);
    crypto::Certificate below = makeCertificate(authorityPlan("Below", "Root"), key, key);
    crypto::Certificate orphan = makeCertificate(authorityPlan("Orphan", "Nobody"), key, key);

    [[nodiscard]] std::filesystem::path path(const std::string& name) const
    {
        return std::filesystem::path{temporary.path().toStdString()} / name;
    }
    /// Writes a file and the folders on the way to it.
    std::filesystem::path write(const std::string& name, ByteView content) const
    {
        std::filesystem::create_directories(path(name).parent_path());
        std::ofstream{path(name), std::ios::binary} << asText(content);
        return path(name);
    }
    std::filesystem::path write(const std::string& name, const crypto::Certificate& certificate) const
    {
        return write(name, asBytes(crypto::pemOf(certificate)));
    }
};

} // namespace enroll::test
