#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/trust/current_trust.h"
#include "tests/db/trust/stored_trust.h"

#include <algorithm>
#include <atomic>
#include <latch>
#include <thread>

using namespace enroll;
using namespace enroll::db::trust;

namespace {

constexpr std::chrono::milliseconds kNone{0};

} // namespace

/// One object for a whole shift, and files that somebody changes meanwhile.
class TstCurrentTrust : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_later = std::chrono::seconds{3600};
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
    void whatIsNoDirectoryIsNamed();
    void whatIsNotReadDoesNotMatter();
    void aHalfImportedSetIsNeverSeen();
    void aStopEndsTheWaitForAnImport();
    void manyThreadsShareAReading();
    void everyWaitingThreadHearsItsStop();

private:
    std::unique_ptr<StoredTrust> m_stored;
    std::unique_ptr<CurrentTrust> m_current;
    std::chrono::seconds m_later{}; ///< so long ago every file was changed

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
    QCOMPARE(fault.error().code, StationCode::TrustUnreadable);
    QCOMPARE(fault.error().subject, std::string{"vend/odd.pem"});
    QVERIFY2(fault.error().what.starts_with(file.string()), fault.error().what.c_str());
    QVERIFY(!m_current->now().ok());
    m_stored->room.write("trust/vend/odd.pem", m_stored->room.orphan); // in place
    QVERIFY(m_current->now().ok());
    std::filesystem::remove(file);
    QVERIFY(m_current->now().ok());
}

void TstCurrentTrust::whatIsNoDirectoryIsNamed()
{
    std::filesystem::remove_all(m_stored->trust());
    m_stored->room.write("trust", asBytes("a file"));
    CurrentTrust below{m_stored->trust() / "below", {"vend"}};
    for (auto* trust : {m_current.get(), &below}) {
        const auto fault = trust->now({}, kNone);
        QVERIFY(!fault.ok());
        QCOMPARE(fault.error().code, StationCode::TrustUnreadable);
        QVERIFY(!fault.error().subject.empty());
    }
}

/// Somebody keeps notes there, and they are changed all the time.
void TstCurrentTrust::whatIsNotReadDoesNotMatter()
{
    const auto first = m_current->now().value();
    m_stored->room.write("trust/notes.txt", asBytes("x"));
    m_stored->room.write("trust/vend/notes.txt", asBytes("x"));
    m_stored->room.write("trust/vend/old/root.pem", m_stored->room.orphan);
    QCOMPARE(m_current->now().value(), first);
}

void TstCurrentTrust::aHalfImportedSetIsNeverSeen()
{
    std::filesystem::remove_all(m_stored->trust());
    {
        const auto import = lockForChange(m_stored->trust(), Deadline::in(kNone), {});
        QVERIFY(import.ok());
        m_stored->put("vend", m_stored->room.below);
        const auto meanwhile = m_current->now({}, kNone);
        QVERIFY(!meanwhile.ok());
        QCOMPARE(meanwhile.error().code, StationCode::TrustBusy);
        m_stored->put("vend", m_stored->room.root);
    }
    QCOMPARE(judged(), crypto::PathResult::Trusted);
}

void TstCurrentTrust::aStopEndsTheWaitForAnImport()
{
    const auto import = lockForChange(m_stored->trust(), Deadline::in(kNone), {});
    QVERIFY(import.ok());
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = m_current->now(stop.get_token(), std::chrono::hours{1});
    QVERIFY(!stopped.ok());
    QCOMPARE(stopped.error().code, DeviceCode::Cancelled);
}

/// A fixture's slots begin together: they wait for one reading, and not one after another for their own.
void TstCurrentTrust::manyThreadsShareAReading()
{
    m_later = std::chrono::seconds{0}; // so that each call would read
    constexpr std::size_t kThreads = 16;
    std::vector<std::shared_ptr<const TrustSnapshot>> seen(kThreads);
    {
        auto import = std::optional{lockForChange(m_stored->trust(), Deadline::in(kNone), {})};
        QVERIFY(import->ok());
        std::latch begun{kThreads};
        std::vector<std::jthread> threads;
        for (auto& one : seen) {
            threads.emplace_back([this, &one, &begun] {
                begun.count_down();
                one = m_current->now().value();
            });
        }
        begun.wait();
        import.reset();
    }
    std::ranges::sort(seen);
    QVERIFY(static_cast<std::size_t>(std::unique(seen.begin(), seen.end()) - seen.begin()) < kThreads);
}

void TstCurrentTrust::everyWaitingThreadHearsItsStop()
{
    const auto import = lockForChange(m_stored->trust(), Deadline::in(kNone), {});
    QVERIFY(import.ok());
    constexpr int kThreads = 16;
    std::atomic<int> stopped{0};
    {
        std::latch begun{kThreads};
        std::vector<std::jthread> threads;
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([&](const std::stop_token& stop) {
                begun.count_down();
                const auto answer = m_current->now(stop, std::chrono::hours{1});
                stopped += !answer.ok() && answer.error().code == DeviceCode::Cancelled ? 1 : 0;
            });
        }
        begun.wait();
    } // asks each to stop and waits for it, while the import still goes on
    QCOMPARE(stopped.load(), kThreads);
}

QTEST_APPLESS_MAIN(TstCurrentTrust)
#include "tst_current_trust.moc"
