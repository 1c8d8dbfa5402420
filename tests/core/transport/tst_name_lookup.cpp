#include "core/base/station_code.h"
#include "core/transport/name_lookup.h"
#include "tests/support/must.h"

#include <QTest>

#include <atomic>
#include <latch>
#include <string_view>
#include <thread>

using namespace enroll;
using namespace enroll::transport;
using enroll::test::must;

namespace {

std::latch release{1};
std::atomic<int> asked{0};

} // namespace

/// Stands in for the resolver: no name is a numeric address, and a name is answered, with "no such name", once `release`
/// opens.
extern "C" int getaddrinfo(const char* host, const char* /*service*/, const addrinfo* hints, addrinfo** /*list*/)
{
    if (std::string_view{host} == "silent.test" && (hints->ai_flags & AI_NUMERICHOST) == 0) {
        ++asked;
        release.wait();
    }
    return EAI_NONAME;
}

class TestNameLookup : public QObject {
    Q_OBJECT

    static Result<AddrInfoPtr> lookUpSilent(std::chrono::milliseconds patience)
    {
        const auto never = must(system::WakeUp::create());
        return lookUp({"silent.test", 1}, Deadline::in(patience), never);
    }

private Q_SLOTS:
    void asksASilentResolverSoManyTimesAndNoMore()
    {
        for (int i = 0; i < kMostLookups; ++i) {
            const auto late = lookUpSilent(std::chrono::milliseconds{1});
            QCOMPARE(late.error().code, StationCode::StationCannotReachPort);
            QVERIFY2(late.error().what.find("not resolved in time") != std::string::npos, late.error().what.c_str());
        }
        const auto refused = lookUpSilent(std::chrono::seconds{30});
        QCOMPARE(refused.error().code, StationCode::StationCannotReachPort);
        QVERIFY2(refused.error().what.find("32 earlier questions") != std::string::npos, refused.error().what.c_str());

        QTRY_COMPARE(asked.load(), kMostLookups);
        release.count_down();
        const auto unknown = [] { return lookUpSilent(std::chrono::seconds{5}).error(); };
        const auto why = std::string{"silent.test: "} + ::gai_strerror(EAI_NONAME);
        QTRY_VERIFY(unknown().what.starts_with(why));                  // and goes on
        QCOMPARE(unknown().code, StationCode::StationCannotReachPort); // nothing was said to a device yet
    }
};

QTEST_APPLESS_MAIN(TestNameLookup)
#include "tst_name_lookup.moc"
