#include "core/base/station_code.h"
#include "db/trust/current_trust.h"
#include "tests/db/trust/stored_trust.h"

using namespace enroll;
using namespace enroll::db::trust;

/// One object for a whole shift, and files that somebody changes meanwhile.
class TstCurrentTrust : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_stored = std::make_unique<StoredTrust>();
        m_stored->put("vend", m_stored->room.root);
        m_stored->put("vend", m_stored->room.below);
        m_current = std::make_unique<CurrentTrust>(m_stored->trust(), std::vector<std::string>{"vend"},
                                                   [this] { return utcNow() + m_later; });
    }

    void aListThatComesLaterRevokes();
    void anAuthorityThatComesLaterVouches();
    void anAuthorityThatGoesVouchesNoLonger();
    void whatStaysIsNotReadAgain();
    void whatWasChangedJustNowIsReadAgain();
    void aFaultEndsWhenItIsMended();

private:
    std::unique_ptr<StoredTrust> m_stored;
    std::unique_ptr<CurrentTrust> m_current;
    std::chrono::seconds m_later{3600}; ///< so long ago every file was changed

    [[nodiscard]] crypto::PathResult judged() const
    {
        const auto leaf =
            test::makeCertificate({.issuer = "Below", .serial = 0x77}, test::TestKey::ecc(), m_stored->room.key);
        return crypto::judgePath(leaf, m_current->now().value()->store, {}, utcNow()).result;
    }
};

void TstCurrentTrust::aListThatComesLaterRevokes()
{
    QCOMPARE(judged(), crypto::PathResult::Trusted);
    m_stored->putList("root.crl");
    QCOMPARE(judged(), crypto::PathResult::Invalid);
}

void TstCurrentTrust::anAuthorityThatComesLaterVouches()
{
    std::filesystem::remove_all(m_stored->trust());
    QCOMPARE(judged(), crypto::PathResult::UnknownIssuer);
    m_stored->put("vend", m_stored->room.root);
    m_stored->put("vend", m_stored->room.below);
    QCOMPARE(judged(), crypto::PathResult::Trusted);
}

void TstCurrentTrust::anAuthorityThatGoesVouchesNoLonger()
{
    QCOMPARE(judged(), crypto::PathResult::Trusted);
    std::filesystem::remove(m_stored->trust() / "vend" / (m_stored->room.root.sha256Hex() + ".pem"));
    QVERIFY(judged() != crypto::PathResult::Trusted);
}

void TstCurrentTrust::whatStaysIsNotReadAgain()
{
    const auto first = m_current->now().value();
    QVERIFY(first->newest);
    QCOMPARE(m_current->now().value(), first);
    m_stored->put("vend", m_stored->room.orphan);
    const auto second = m_current->now().value();
    QVERIFY(second != first);
    QCOMPARE(m_current->now().value(), second);
}

/// A file may be changed twice at what the file system takes for one time.
void TstCurrentTrust::whatWasChangedJustNowIsReadAgain()
{
    m_later = std::chrono::seconds{0};
    const auto first = m_current->now().value();
    QVERIFY(m_current->now().value() != first);
    m_later = std::chrono::seconds{-3600}; // the clock was set back
    QVERIFY(m_current->now().value() != m_current->now().value());
}

void TstCurrentTrust::aFaultEndsWhenItIsMended()
{
    const auto file = m_stored->room.write("trust/vend/odd.pem", asBytes("nonsense"));
    const auto fault = m_current->now();
    QVERIFY(!fault.ok());
    QCOMPARE(fault.error().code, StationCode::KeyMaterialUnusable);
    QVERIFY(!m_current->now().ok());
    m_stored->room.write("trust/vend/odd.pem", m_stored->room.orphan); // in place
    QVERIFY(m_current->now().ok());
    std::filesystem::remove(file);
    QVERIFY(m_current->now().ok());
}

QTEST_APPLESS_MAIN(TstCurrentTrust)
#include "tst_current_trust.moc"
