#include "app/agent/agent_options.h"
#include "core/base/station_code.h"
#include "tests/support/must.h"

#include <QTest>

namespace enroll::test {
namespace {

using namespace app::agent;

WrittenOptions written(const std::string& listen)
{
    WrittenOptions options;
    options.tpm = "dev:///dev/tpmrm0";
    options.listen = listen;
    return options;
}

WrittenOptions onStandardStreams()
{
    auto options = written({});
    options.standardStreams = true;
    return options;
}

WrittenOptions onALine(const std::string& path)
{
    auto options = written({});
    options.serialLine = path;
    return options;
}

template <class Change>
WrittenOptions with(WrittenOptions options, Change change)
{
    change(options);
    return options;
}

WrittenOptions withKeys(WrittenOptions options)
{
    return with(std::move(options), [](auto& o) { o.keys = "/etc/enroll-agent"; });
}

} // namespace

class tst_agent_options : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesLoopback_data()
    {
        QTest::addColumn<std::string>("listen");
        for (const auto* listen : {"tcp://127.0.0.1:2322", "tcp://127.8.0.1:0", "tcp://localhost:0", "tcp://[::1]:0"}) {
            QTest::newRow(listen) << std::string{listen};
        }
    }
    void takesLoopback()
    {
        QFETCH(const std::string, listen);
        const auto options = must(checkOptions(written(listen)));
        QVERIFY(options.listen.has_value());
        QVERIFY(!options.listen->keys.has_value());
    }

    void takesAnyAddressWithTlsAndKeys_data()
    {
        QTest::addColumn<std::string>("listen");
        for (const auto* listen : {"tls://127.0.0.1:0", "tls://0.0.0.0:2321", "tls://[::]:2321", "tls://10.7.3.18:0"}) {
            QTest::newRow(listen) << std::string{listen};
        }
    }
    void takesAnyAddressWithTlsAndKeys()
    {
        QFETCH(const std::string, listen);
        const auto options = must(checkOptions(withKeys(written(listen))));
        QVERIFY(options.listen.has_value());
        QVERIFY(options.listen->keys == transport::filesOfMachine("/etc/enroll-agent"));
    }

    void takesAnotherAddressWithItsFlagAlone_data()
    {
        QTest::addColumn<std::string>("listen");
        for (const auto* listen : {"tcp://0.0.0.0:0", "tcp://192.168.7.2:2322", "tcp://[::]:0",
                                   "tcp://[::ffff:127.0.0.1]:0", "tcp://[fe80::1]:0", "tcp://128.0.0.1:0"}) {
            QTest::newRow(listen) << std::string{listen};
        }
    }
    void takesAnotherAddressWithItsFlagAlone()
    {
        QFETCH(const std::string, listen);
        QCOMPARE(checkOptions(written(listen)).error().code, ErrorCode{StationCode::UsageInvalid});
        QVERIFY(checkOptions(with(written(listen), [](auto& o) { o.allowNetwork = true; })).ok());
    }

    void standardStreamsNeedNoAddress()
    {
        const auto options = must(checkOptions(onStandardStreams()));
        QVERIFY(!options.listen.has_value());
        QCOMPARE(options.idle, std::chrono::seconds{30});
    }

    void aSerialLineHasTheUsualRateOrItsOwn()
    {
        const auto usual = must(checkOptions(onALine("/dev/ttyGS0")));
        QVERIFY(!usual.listen.has_value());
        QVERIFY((usual.serialLine == transport::SerialAddress{"/dev/ttyGS0", 115'200}));
        const auto own = must(checkOptions(with(onALine("/dev/ttyGS0"), [](auto& o) { o.baud = 921'600; })));
        QCOMPARE(own.serialLine->baud, 921'600U);
    }

    void refusesWhatDoesNotFitTogether_data()
    {
        QTest::addColumn<WrittenOptions>("options");
        const auto good = written("tcp://127.0.0.1:0");
        QTest::newRow("neither") << written({});
        QTest::newRow("both") << with(good, [](auto& o) { o.standardStreams = true; });
        QTest::newRow("network without an address")
            << with(onStandardStreams(), [](auto& o) { o.allowNetwork = true; });
        QTest::newRow("no TPM's address") << with(good, [](auto& o) { o.tpm = "/dev/tpmrm0"; });
        QTest::newRow("no time") << with(good, [](auto& o) { o.idleSeconds = 0; });
        QTest::newRow("for ever") << with(good, [](auto& o) { o.idleSeconds = 3601; });
        const auto tls = written("tls://127.0.0.1:0");
        QTest::newRow("TLS without keys") << tls;
        QTest::newRow("TLS at any address, as without") << with(withKeys(tls), [](auto& o) { o.allowNetwork = true; });
        QTest::newRow("TLS at a name") << withKeys(written("tls://station.plant.test:1"));
        QTest::newRow("TLS with a name behind it") << withKeys(written("tls://127.0.0.1:0?name=gw-7"));
        QTest::newRow("keys without TLS") << withKeys(good);
        QTest::newRow("keys on standard streams") << withKeys(onStandardStreams());
        const auto line = onALine("/dev/ttyGS0");
        QTest::newRow("a line and an address") << with(good, [](auto& o) { o.serialLine = "/dev/ttyGS0"; });
        QTest::newRow("a line and standard streams") << with(line, [](auto& o) { o.standardStreams = true; });
        QTest::newRow("an odd rate") << with(line, [](auto& o) { o.baud = 12'345; });
        QTest::newRow("no rate") << with(line, [](auto& o) { o.baud = 0; });
        QTest::newRow("a rate without a line") << with(good, [](auto& o) { o.baud = 9'600; });
        QTest::newRow("keys on a line") << withKeys(line);
        QTest::newRow("network on a line") << with(line, [](auto& o) { o.allowNetwork = true; });
        QTest::newRow("a line that is no device") << onALine("/etc/passwd");
        QTest::newRow("a line with a rate in its path") << onALine("/dev/ttyGS0?baud=9600");
        QTest::newRow("no word") << written("127.0.0.1:0");
        QTest::newRow("no port") << written("tcp://127.0.0.1");
        QTest::newRow("a name") << written("tcp://station.plant.test:1");
    }
    void refusesWhatDoesNotFitTogether()
    {
        QFETCH(const WrittenOptions, options);
        QCOMPARE(checkOptions(options).error().code, ErrorCode{StationCode::UsageInvalid});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_agent_options)
#include "tst_agent_options.moc"
