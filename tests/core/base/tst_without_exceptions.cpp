#include "core/base/without_exceptions.h"

#include <QTest>

#include <stdexcept>
#include <thread>

using namespace enroll;

class TestWithoutExceptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesWhatTheWorkReturns()
    {
        QCOMPARE(withoutExceptions<int>("a thread", [] { return 7; }).value(), 7);
        const auto refused = withoutExceptions<int>(
            "a thread", [] { return Result<int>{makeError(StationCode::FileUnusable, "refused")}; });
        QCOMPARE(refused.error().code, StationCode::FileUnusable);
        QVERIFY(withoutExceptions<void>("a thread", [] {}).ok());
    }

    void makesAnErrorOfAnException()
    {
        const auto caught = withoutExceptions<int>("a thread", []() -> int { throw std::runtime_error{"no luck"}; });
        QCOMPARE(caught.error().code, StationCode::InternalFault);
        QCOMPARE(caught.error().what, std::string{"no luck"});
        QCOMPARE(caught.error().operation, std::string{"a thread"});
        const auto unknown = withoutExceptions<void>("a thread", [] { throw 7; }); // NOLINT(hicpp-exception-baseclass)
        QCOMPARE(unknown.error().code, StationCode::InternalFault);
    }

    void endsAThreadAndNotTheProcess()
    {
        bool began = false;
        std::thread{[&began] {
            runThread("a thread", [&began] {
                began = true;
                throw std::bad_alloc{};
            });
        }}.join();
        QVERIFY(began);
    }
};

QTEST_APPLESS_MAIN(TestWithoutExceptions)
#include "tst_without_exceptions.moc"
