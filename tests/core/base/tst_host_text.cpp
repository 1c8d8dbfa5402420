#include "core/base/host_text.h"

#include <QTest>

using namespace enroll;

namespace {

/// A name whose labels have these lengths.
std::string nameOf(std::initializer_list<std::size_t> lengths)
{
    std::string name;
    for (const auto length : lengths) {
        name.append(name.empty() ? 0 : 1, '.').append(length, 'a');
    }
    return name;
}

} // namespace

class TestHostText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void putsAVersion6AddressAloneInBrackets()
    {
        QCOMPARE(bracketedHost("::1"), std::string{"[::1]"});
        QCOMPARE(bracketedHost("127.0.0.1"), std::string{"127.0.0.1"});
        QCOMPARE(hostAndPort("fe80::1%eth0", 8443), std::string{"[fe80::1%eth0]:8443"});
        QCOMPARE(hostAndPort("station.test", 1), std::string{"station.test:1"});
    }

    void knowsAHostName_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<bool>("isName");
        const auto row = [](const char* name, const std::string& text, bool isName) {
            QTest::newRow(name) << text << isName;
        };
        row("one label", "a", true);
        row("several", "hub-1.Example.net", true);
        row("longest label", nameOf({63, 1}), true);
        row("label too long", nameOf({64, 1}), false);
        row("longest", nameOf({63, 63, 63, 61}), true);
        row("too long", nameOf({63, 63, 63, 62}), false);
        row("empty", "", false);
        row("dot alone", ".", false);
        row("two dots", "a..b", false);
        row("dot behind", "a.", false);
        row("hyphen before", "-a", false);
        row("hyphen behind", "a-.b", false);
        row("underscore", "a_b", false);
        row("not ASCII", "h\xC3\xB6st", false);
    }
    void knowsAHostName()
    {
        QFETCH(const std::string, text);
        QFETCH(const bool, isName);
        QCOMPARE(isHostName(text), isName);
        QCOMPARE(isHostName(text, "_"), isName || text == "a_b");
    }
};

QTEST_APPLESS_MAIN(TestHostText)
#include "tst_host_text.moc"
