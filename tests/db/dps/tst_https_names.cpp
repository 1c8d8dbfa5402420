#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "db/dps/https_client.h"
#include "tests/support/must.h"
#include "tests/support/scripted_https_server.h"

#include <QElapsedTimer>
#include <QtTest>

#include <arpa/inet.h>
#include <atomic>
#include <latch>
#include <memory>
#include <netdb.h>
#include <string_view>
#include <thread>

using namespace enroll;
using namespace enroll::db::dps;
using namespace enroll::test;
using std::chrono::seconds;

namespace {

std::latch release{1};
std::atomic<int> asked{0};
std::atomic<int> silent{0};

struct Entry {
    addrinfo info{};
    sockaddr_in address{};
};

addrinfo* entryOf(const char* numeric, const char* service)
{
    auto entry = std::make_unique<Entry>();
    if (::inet_pton(AF_INET, numeric, &entry->address.sin_addr) != 1) {
        return nullptr;
    }
    entry->address.sin_family = AF_INET;
    entry->address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(service)));
    entry->info.ai_family = AF_INET;
    entry->info.ai_socktype = SOCK_STREAM;
    entry->info.ai_addrlen = sizeof entry->address;
    entry->info.ai_addr = reinterpret_cast<sockaddr*>(&entry->address);
    return &entry.release()->info;
}

} // namespace

/// Stand in for the resolver. "dps.test" is at 127.0.0.1; "two.test" is at 127.0.0.2, where nobody listens, and at
/// 127.0.0.1; "silent.test" is answered once `release` opens; no other name exists.
extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** list)
{
    const std::string_view name{host};
    if ((hints->ai_flags & AI_NUMERICHOST) != 0) {
        *list = entryOf(host, service);
    } else if (name == "dps.test") {
        ++asked;
        *list = entryOf("127.0.0.1", service);
    } else if (name == "two.test") {
        *list = entryOf("127.0.0.2", service);
        (*list)->ai_next = entryOf("127.0.0.1", service);
    } else {
        *list = nullptr;
    }
    if (name == "silent.test" && (hints->ai_flags & AI_NUMERICHOST) == 0) {
        ++silent;
        silent.notify_all();
        release.wait();
    }
    return *list == nullptr ? EAI_NONAME : 0;
}

extern "C" void freeaddrinfo(addrinfo* list)
{
    while (list != nullptr) {
        const std::unique_ptr<Entry> entry{reinterpret_cast<Entry*>(list)};
        list = list->ai_next;
    }
}

/// How a server's name becomes an address.
class TestHttpsNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanupTestCase() { release.count_down(); }
    void findsTheServerByItsNameOnce();
    void verifiesTheCertificateAgainstTheName();
    void goesOnToTheNextAddressWhereNobodyListens();
    void aNameThatDoesNotExistIsNoConnection();
    void aStopEndsALookUp();
    void aLookUpEndsAtTheDeadline();

private:
    static std::string at(const std::string& name, const ScriptedHttpsServer& server)
    {
        return name + server.authority().substr(server.authority().find(':'));
    }
    static HttpRequest post() { return {"POST", "/enrollments", "token", toBytes(asBytes(R"({"a":1})"))}; }
    static HttpOutcome run(HttpsClient& client, const std::stop_token& stop = {}, seconds patience = seconds{20})
    {
        return client.exchange(post(), Deadline::in(patience), stop);
    }
};

void TestHttpsNames::findsTheServerByItsNameOnce()
{
    ScriptedHttpsServer server{"DNS:dps.test"};
    server.otherwise([](const auto&) { return ScriptedAnswer{}; });
    const auto client = must(HttpsClient::create({at("dps.test", server), server.caFile()}));

    must(answerOf(run(*client)));
    must(answerOf(run(*client)));

    QCOMPARE(asked.load(), 1);
    QCOMPARE(server.connections(), 1);
    QCOMPARE(server.requests().at(0).headers.at("host"), at("dps.test", server));
}

void TestHttpsNames::verifiesTheCertificateAgainstTheName()
{
    ScriptedHttpsServer server{"DNS:other.test,IP:127.0.0.1"};
    const auto client = must(HttpsClient::create({at("dps.test", server), server.caFile()}));

    const auto outcome = run(*client);

    QCOMPARE(std::get<NoAnswer>(outcome).error.code, CloudCode::CertificateInvalid);
    QVERIFY(server.requests().empty());
}

void TestHttpsNames::goesOnToTheNextAddressWhereNobodyListens()
{
    ScriptedHttpsServer server{"DNS:two.test"};
    server.otherwise([](const auto&) { return ScriptedAnswer{}; });
    const auto client = must(HttpsClient::create({at("two.test", server), server.caFile()}));

    QCOMPARE(must(answerOf(run(*client))).status, 200);
    QCOMPARE(must(answerOf(run(*client))).status, 200);
    QCOMPARE(server.connections(), 1);
}

void TestHttpsNames::aNameThatDoesNotExistIsNoConnection()
{
    const ScriptedHttpsServer vouching;
    const auto client = must(HttpsClient::create({"absent.test", vouching.caFile()}));

    const auto outcome = run(*client);

    QCOMPARE(std::get<NoAnswer>(outcome).error.code, CloudCode::Unreachable);
    QCOMPARE(std::get<NoAnswer>(outcome).delivery, Delivery::NotDelivered);
    const auto& what = std::get<NoAnswer>(outcome).error.what;
    QVERIFY(what.starts_with("absent.test: "));
    QVERIFY2(what.ends_with("a numeric address does not take its place"), what.c_str()); // TLS would refuse it
}

void TestHttpsNames::aStopEndsALookUp()
{
    const ScriptedHttpsServer vouching;
    auto client = must(HttpsClient::create({"silent.test", vouching.caFile()}));
    std::stop_source source;
    std::jthread stopping{[&source] {
        silent.wait(0);
        source.request_stop();
    }};
    QElapsedTimer timer;
    timer.start();

    const auto outcome = run(*client, source.get_token());
    client.reset();

    QCOMPARE(std::get<NoAnswer>(outcome).error.code, DeviceCode::Cancelled);
    QCOMPARE(std::get<NoAnswer>(outcome).delivery, Delivery::NotDelivered);
    QVERIFY(timer.elapsed() < 2000);
}

void TestHttpsNames::aLookUpEndsAtTheDeadline()
{
    const ScriptedHttpsServer vouching;
    const auto client = must(HttpsClient::create({"silent.test", vouching.caFile()}));

    const auto outcome = run(*client, {}, seconds{1});

    QCOMPARE(std::get<NoAnswer>(outcome).error.code, CloudCode::Unreachable);
    QCOMPARE(std::get<NoAnswer>(outcome).delivery, Delivery::NotDelivered);
}

QTEST_GUILESS_MAIN(TestHttpsNames)
#include "tst_https_names.moc"
