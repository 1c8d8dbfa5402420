#pragma once

#include "db/trust/known_trust.h"
#include "tests/support/revocation_list_maker.h"
#include "tests/support/trust_room.h"

#include <QtTest>

namespace enroll::db::trust {

/// A trust store in a room of its own, with what a test puts in.
struct StoredTrust {
    test::TrustRoom room;

    [[nodiscard]] std::filesystem::path trust() const { return room.path("trust"); }
    void put(const std::string& set, const crypto::Certificate& certificate,
             crypto::TrustRole role = crypto::TrustRole::Intermediate) const
    {
        QVERIFY(storeAuthority(trust(), set, certificate, {"maker.pem", utcNow(), role}).ok());
    }
    /// A list of the root, which revokes \p serial; that of Below is 0x1001.
    void putList(const std::string& file, long serial = 0x1001) const
    {
        room.write("trust/" + file, test::makeRevocationListDer({.issuer = "Root", .serials = {serial}}, room.key));
    }
    /// The path of a device's certificate, by what \p sets trust.
    [[nodiscard]] crypto::PathJudgement judged(const std::vector<std::string>& sets,
                                               const std::string& issuer = "Below") const
    {
        const auto leaf = test::makeCertificate({.issuer = issuer, .serial = 0x77}, test::TestKey::ecc(), room.key);
        return crypto::judgePath(leaf, loadTrustStore(trust(), sets).value(), {}, utcNow());
    }
};

} // namespace enroll::db::trust
