#include "core/base/cloud_code.h"
#include "db/dps/server_addresses.h"
#include "tests/support/must.h"

#include <QTest>

#include <arpa/inet.h>
#include <atomic>
#include <memory>
#include <netdb.h>

using namespace enroll;
using namespace enroll::db::dps;
using namespace enroll::test;
using std::chrono::seconds;

namespace {

std::atomic<int> asked{0};
std::atomic<bool> nameIsGone{false};

struct Entry {
    addrinfo info{};
    sockaddr_in address{};
};

} // namespace

/// Stand in for the resolver: the server moves to the next of 127.0.0.1, 127.0.0.2 … between any two questions.
extern "C" int getaddrinfo(const char* /*host*/, const char* /*service*/, const addrinfo* hints, addrinfo** list)
{
    *list = nullptr;
    if ((hints->ai_flags & AI_NUMERICHOST) != 0 || nameIsGone) {
        return EAI_NONAME;
    }
    auto entry = std::make_unique<Entry>();
    entry->address.sin_family = AF_INET;
    entry->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<in_addr_t>(asked++));
    entry->info.ai_family = AF_INET;
    entry->info.ai_addrlen = sizeof entry->address;
    entry->info.ai_addr = reinterpret_cast<sockaddr*>(&entry->address);
    *list = &entry.release()->info;
    return 0;
}

extern "C" void freeaddrinfo(addrinfo* list)
{
    const std::unique_ptr<Entry> entry{reinterpret_cast<Entry*>(list)};
}

class TestServerAddresses : public QObject {
    Q_OBJECT

    static constexpr ServerAddresses::Clock::time_point kStart{std::chrono::hours{1}};
    static Result<void> findAt(ServerAddresses& addresses, seconds later)
    {
        return addresses.find(Deadline::in(seconds{20}), {}, kStart + later);
    }

private Q_SLOTS:
    void init()
    {
        asked = 0;
        nameIsGone = false;
    }

    void aServiceThatMovesIsFoundAgainAfterAMinute()
    {
        ServerAddresses addresses{"dps.test", 443};
        must(findAt(addresses, seconds{0}));
        must(findAt(addresses, seconds{59}));
        QCOMPARE(asked.load(), 1);
        QCOMPARE(addresses.first(), QHostAddress{QStringLiteral("127.0.0.1")});

        must(findAt(addresses, seconds{60}));
        QCOMPARE(asked.load(), 2);
        QCOMPARE(addresses.first(), QHostAddress{QStringLiteral("127.0.0.2")});
        QCOMPARE(addresses.count(), std::size_t{1});
        must(findAt(addresses, seconds{119})); // a minute from then on
        QCOMPARE(asked.load(), 2);
    }

    void aNameThatWasForgottenIsLookedUpAtOnce()
    {
        ServerAddresses addresses{"dps.test", 443};
        must(findAt(addresses, seconds{0}));
        addresses.forget();
        must(findAt(addresses, seconds{1}));
        QCOMPARE(asked.load(), 2);
    }

    void aNameThatIsGoneIsNoConnection()
    {
        ServerAddresses addresses{"dps.test", 443};
        must(findAt(addresses, seconds{0}));
        nameIsGone = true;
        must(findAt(addresses, seconds{59}));
        QCOMPARE(findAt(addresses, seconds{60}).error().code, CloudCode::Unreachable);
        nameIsGone = false;
        must(findAt(addresses, seconds{61}));
        QCOMPARE(addresses.first(), QHostAddress{QStringLiteral("127.0.0.2")});
    }
};

QTEST_APPLESS_MAIN(TestServerAddresses)
#include "tst_server_addresses.moc"
