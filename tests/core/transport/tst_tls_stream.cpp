#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/core/transport/tls_bench.h"
#include "tests/support/plant_keys.h"

#include <QTest>

namespace enroll::test {

using namespace transport;
using std::chrono::days;
using Wish = PlantKeys::Wish;

/// Whom either half of TLS lets in, and what it carries.
class TestTlsStream : public QObject {
    Q_OBJECT

    TlsEnds m_ends;
    PlantKeys m_otherPlant{"Plant 2"};

private Q_SLOTS:
    void carriesBytesBothWaysAndTheEnd()
    {
        FarEnd agent{echoing(m_ends.agent)};
        {
            const auto stream = must(m_ends.connect(agent.port()));
            QVERIFY(stream.send(asBytes("command"), Deadline::in(kLong), m_ends.never).ok());
            std::array<std::byte, 64> buffer{};
            const auto count = stream.receive(buffer, Deadline::in(kLong), m_ends.never);
            QVERIFY2(count.ok(), count.ok() ? "" : count.error().what.c_str());
            QCOMPARE(asText(ByteView{buffer}.first(*count)), std::string_view{"command"});
            QCOMPARE(stream.peerSubject(), std::string{"CN=localhost"});
        }
        const auto ended = agent.ended(); // the destructor said the end
        QVERIFY2(!ended.code, ended.what.c_str());
    }

    void carriesMoreThanARecordHolds()
    {
        FarEnd agent{echoing(m_ends.agent)};
        const auto stream = must(m_ends.connect(agent.port()));
        const Bytes sent(std::size_t{40} * 1024, std::byte{7});
        QVERIFY(stream.send(sent, Deadline::in(kLong), m_ends.never).ok());
        Bytes got;
        std::array<std::byte, 5000> buffer{};
        while (got.size() < sent.size()) {
            const auto count = stream.receive(buffer, Deadline::in(kLong), m_ends.never);
            QVERIFY2(count.ok() && *count > 0, count.ok() ? "the end" : count.error().what.c_str());
            got.insert(got.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
        }
        QCOMPARE(got, sent);
    }

    void knowsAnAgentByNameAndByAddress_data()
    {
        QTest::addColumn<std::string>("name");
        for (const char* name : {"localhost", "127.0.0.1", "::1"}) {
            QTest::newRow(name) << std::string{name};
        }
    }
    void knowsAnAgentByNameAndByAddress()
    {
        QFETCH(const std::string, name);
        FarEnd agent{echoing(m_ends.agent)};
        const auto stream = m_ends.connect(agent.port(), m_ends.station, name);
        QVERIFY2(stream.ok(), stream.ok() ? "" : stream.error().what.c_str());
    }

    void refusesAnAgentThatCannotProveItself_data()
    {
        QTest::addColumn<Wish>("wish");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<std::string>("said");
        const auto row = [](const char* name, const Wish& wish, const char* code, const char* said) {
            QTest::newRow(name) << wish << std::string{code} << std::string{said};
        };
        row("another host", {.names = {"gw-8.plant.test"}}, "S-343", "is for gw-8.plant.test and not for 127.0.0.1");
        row("another address", {.names = {"10.7.3.18"}}, "S-343", "is for 10.7.3.18 and not for 127.0.0.1");
        row("expired", {.days = 2, .now = utcNow() - days{10}}, "S-344", "expired at");
        row("not valid yet", {.now = utcNow() + days{10}}, "S-344", "is valid from");
    }
    void refusesAnAgentThatCannotProveItself()
    {
        QFETCH(const Wish, wish);
        QFETCH(const std::string, code);
        QFETCH(const std::string, said);
        FarEnd agent{echoing(contextAt(m_ends.plant.files(TlsRole::Agent, wish), TlsRole::Agent, wish.now))};
        const auto stream = m_ends.connect(agent.port());
        QVERIFY(!stream.ok());
        QCOMPARE(textOf(stream.error().code), code);
        QVERIFY2(stream.error().what.find(said) != std::string::npos, stream.error().what.c_str());
        const auto ended = agent.ended();
        QVERIFY2(ended.code == StationCode::PeerRefusesCertificate, ended.what.c_str());
    }

    void aNameIsWhatTheAddressSays()
    {
        FarEnd agent{
            echoing(contextAt(m_ends.plant.files(TlsRole::Agent, {.names = {"gateway-x"}}), TlsRole::Agent, utcNow()))};
        const auto stream = m_ends.connect(agent.port(), m_ends.station, "gateway-x");
        QVERIFY2(stream.ok(), stream.ok() ? "" : stream.error().what.c_str());
    }

    void refusesAnAgentOfAnotherPlant()
    {
        FarEnd agent{echoing(contextAt(m_otherPlant.files(TlsRole::Agent), TlsRole::Agent, utcNow()))};
        const auto stream = m_ends.connect(agent.port());
        QVERIFY(!stream.ok());
        QCOMPARE(textOf(stream.error().code), std::string{"S-343"});
        QVERIFY2(stream.error().what.find("does not come from the authority") != std::string::npos,
                 stream.error().what.c_str());
        QVERIFY(agent.ended().code == StationCode::PeerRefusesCertificate);
    }

    void refusesAStationThatPlaysTheAgent()
    {
        FarEnd impostor{serving(std::make_shared<PlainTls>(TLS_server_method(), m_ends.plant.files(TlsRole::Station)))};
        const auto stream = m_ends.connect(impostor.port());
        QVERIFY(!stream.ok());
        QCOMPARE(textOf(stream.error().code), std::string{"S-343"});
        QVERIFY2(stream.error().what.find("is not that of an agent") != std::string::npos, stream.error().what.c_str());
    }

    /// TLS 1.3 lets the station finish first: it learns of the refusal when it receives.
    void learnsThatTheAgentRefusesIt_data()
    {
        QTest::addColumn<Wish>("wish");
        QTest::addColumn<std::string>("agentCode");
        QTest::addColumn<std::string>("said");
        const auto row = [](const char* name, const Wish& wish, const char* code, const char* said) {
            QTest::newRow(name) << wish << std::string{code} << std::string{said};
        };
        row("expired", {.days = 2, .now = utcNow() - days{10}}, "S-344", "has expired");
        row("not valid yet", {.now = utcNow() + days{10}}, "S-344", "not valid yet");
    }
    void learnsThatTheAgentRefusesIt()
    {
        QFETCH(const Wish, wish);
        QFETCH(const std::string, agentCode);
        QFETCH(const std::string, said);
        FarEnd agent{echoing(m_ends.agent)};
        const auto stream = must(m_ends.connect(
            agent.port(), contextAt(m_ends.plant.files(TlsRole::Station, wish), TlsRole::Station, wish.now)));
        const auto here = m_ends.received(stream);
        QCOMPARE(textOf(here.code), std::string{"S-345"});
        QVERIFY2(here.what.find(said) != std::string::npos, here.what.c_str());
        QCOMPARE(textOf(agent.ended().code), agentCode);
    }

    void learnsThatTheAgentIsOfAnotherPlant()
    {
        // The station trusts both plants, and so does not notice it itself.
        auto files = m_ends.plant.files(TlsRole::Station);
        files.caFile =
            m_ends.plant.written("both.pem", asBytes(m_ends.plant.certificate() + m_otherPlant.certificate()));
        FarEnd agent{echoing(contextAt(m_otherPlant.files(TlsRole::Agent), TlsRole::Agent, utcNow()))};
        const auto stream = must(m_ends.connect(agent.port(), contextAt(files, TlsRole::Station, utcNow())));
        const auto here = m_ends.received(stream);
        QCOMPARE(textOf(here.code), std::string{"S-345"});
        QVERIFY2(here.what.find("does not know the authority") != std::string::npos, here.what.c_str());
        QCOMPARE(textOf(agent.ended().code), std::string{"S-343"});
    }

    void sendingToAnAgentThatRefusesTellsWhy()
    {
        const Wish old{.days = 2, .now = utcNow() - days{10}};
        FarEnd agent{echoing(m_ends.agent)};
        const auto stream = must(m_ends.connect(
            agent.port(), contextAt(m_ends.plant.files(TlsRole::Station, old), TlsRole::Station, old.now)));
        QVERIFY(agent.ended().code.has_value()); // it has closed, and its alert waits here
        auto sent = Result<void>{};
        for (int i = 0; i < 1'000 && sent.ok(); ++i) { // the kernel may take the first ones
            sent = stream.send(Bytes(4096), Deadline::in(kLong), m_ends.never);
        }
        QVERIFY(!sent.ok());
        QVERIFY2(sent.error().code == StationCode::PeerRefusesCertificate, sent.error().what.c_str());
    }

    void letsInNobodyWithoutAStationsCertificate_data()
    {
        QTest::addColumn<bool>("shown");
        QTest::addColumn<std::string>("said");
        QTest::newRow("none") << false << std::string{"shows no certificate"};
        QTest::newRow("an agent's") << true << std::string{"is not that of a station"};
    }
    void letsInNobodyWithoutAStationsCertificate()
    {
        QFETCH(const bool, shown);
        QFETCH(const std::string, said);
        FarEnd agent{echoing(m_ends.agent)};
        const PlainTls client{TLS_client_method(), shown ? m_ends.plant.files(TlsRole::Agent) : AgentFiles{}};
        const auto socket = connectedTo(agent.port());
        const auto ssl = client.on(socket);
        std::array<char, 8> buffer{};
        const bool fed = SSL_connect(ssl.get()) == 1 && SSL_read(ssl.get(), buffer.data(), buffer.size()) > 0;
        QVERIFY(!fed);
        const auto ended = agent.ended();
        QCOMPARE(textOf(ended.code), std::string{"S-343"});
        QVERIFY2(ended.what.find(said) != std::string::npos, ended.what.c_str());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestTlsStream)
#include "tst_tls_stream.moc"
