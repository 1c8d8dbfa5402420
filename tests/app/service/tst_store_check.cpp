#include "app/service/store_check.h"
#include "core/base/service_code.h"
#include "tests/support/memory_enrollment_list.h"
#include "tests/support/must.h"

#include <QTest>

#include <iostream>
#include <sstream>

using namespace enroll;
using namespace enroll::app::service;
using enroll::test::must;
using Found = StoreCheck::Found;

namespace {

/// What was written to standard error while it lives.
class ErrorOutput {
public:
    ErrorOutput() : m_before(std::cerr.rdbuf(m_text.rdbuf())) {}
    ~ErrorOutput() { std::cerr.rdbuf(m_before); }
    ErrorOutput(const ErrorOutput&) = delete;
    ErrorOutput& operator=(const ErrorOutput&) = delete;

    [[nodiscard]] auto lines() const
    {
        const auto text = m_text.str();
        return std::ranges::count(text, '\n');
    }

private:
    std::ostringstream m_text;
    std::streambuf* m_before;
};

} // namespace

class TestStoreCheck : public QObject {
    Q_OBJECT

    /// A list of 150 enrollments: a part of 100 and one of 50.
    struct Store {
        test::MemoryEnrollmentList list;
        StoreCheck check;
        UtcTime now = utcNow();

        Store()
        {
            for (int device = 1000; device < 1150; ++device) {
                provisioning::IndividualEnrollment enrollment;
                enrollment.registrationId = enrollment::RegistrationId{"dev-" + std::to_string(device)};
                must(list.insert(enrollment));
            }
        }
        Result<Found> later(std::chrono::milliseconds span = std::chrono::seconds{1})
        {
            now += span;
            return check.goOn(list, now);
        }
    };

private Q_SLOTS:
    void findsADocumentThatCannotBeReadInItsPart()
    {
        const ErrorOutput errors;
        Store store;
        store.list.spoil("dev-1120");
        QCOMPARE(must(store.later()), Found::Good); // the first hundred
        QCOMPARE(must(store.later()), Found::Damaged);
        QCOMPARE(must(store.later()), Found::Damaged); // until it is mended
        QCOMPARE(errors.lines(), 1);
        store.list.spoil({});
        QCOMPARE(must(store.later()), Found::Good);
    }

    void goesOverTheListAgainAndAgain()
    {
        const ErrorOutput errors;
        Store store;
        QCOMPARE(must(store.later()), Found::Good);
        QCOMPARE(must(store.later()), Found::Good); // to its end
        store.list.spoil("dev-1005");
        QCOMPARE(must(store.later()), Found::Damaged);
    }

    void namesADamageOnceMoreWhenItComesBack()
    {
        const ErrorOutput errors;
        Store store;
        for (int round = 0; round < 2; ++round) {
            store.list.spoil("dev-1005");
            QCOMPARE(must(store.later()), Found::Damaged);
            store.list.spoil({});
            QCOMPARE(must(store.later()), Found::Good);
            QCOMPARE(must(store.later()), Found::Good);
        }
        QCOMPARE(errors.lines(), 2);
    }

    void readsOnceASecondHoweverOftenItIsAsked()
    {
        Store store;
        for (int call = 0; call < 10; ++call) {
            QCOMPARE(must(store.later(std::chrono::milliseconds{99})), Found::Good);
        }
        QCOMPARE(store.list.timesReadThrough(), 1);
        QCOMPARE(must(store.later(std::chrono::seconds{1})), Found::Good);
        QCOMPARE(store.list.timesReadThrough(), 2);
        QCOMPARE(must(store.later(-std::chrono::hours{1})), Found::Good); // the clock was set back
        QCOMPARE(store.list.timesReadThrough(), 3);
    }

    void aStoreThatFailsIsAskedEachTime()
    {
        Store store;
        store.list.failWith(makeError(ServiceCode::Busy, "database is locked"));
        QCOMPARE(store.later(std::chrono::milliseconds{0}).error().code, ServiceCode::Busy);
        QCOMPARE(store.later(std::chrono::milliseconds{0}).error().code, ServiceCode::Busy);
        QCOMPARE(store.list.timesReadThrough(), 2);
    }
};

QTEST_GUILESS_MAIN(TestStoreCheck)
#include "tst_store_check.moc"
