#include "core/attestation/ek_template_phrase.h"
#include "core/attestation/public_area.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;

class tst_ek_template_phrase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aKnownKindIsItsWord()
    {
        QCOMPARE(ekTemplatePhrase(EkTemplate::TcgL1, {}), std::string{"tcg-l1"});
        QCOMPARE(ekTemplatePhrase(EkTemplate::Nv, {}), std::string{"nv"});
    }

    void aWordOfANewerProgramIsShownAsItIs()
    {
        QCOMPARE(ekTemplatePhrase(Word<EkTemplate>::unknown("tcg-l9"), {}), std::string{"tcg-l9"});
    }

    void aKeyThatSeveralTemplatesFitNamesEach()
    {
        const auto area = ekTemplateArea(*findEkRow(EkTemplate::AzureEmptyUnique));
        QCOMPARE(ekTemplatePhrase(EkTemplate::Unknown, marshalPublic(area)),
                 std::string{"tcg-l1 or azure-empty-unique"});
    }

    void aKeyThatNoTemplateFitsSaysSo()
    {
        const std::string none{"made from none of the TCG's templates"};
        auto area = ekTemplateArea(*findEkRow(EkTemplate::TcgL1));
        area.authPolicy.clear();
        QCOMPARE(ekTemplatePhrase(EkTemplate::Unknown, marshalPublic(area)), none);
        QCOMPARE(ekTemplatePhrase(EkTemplate::Unknown, Bytes(3)), none);
    }
};

QTEST_APPLESS_MAIN(tst_ek_template_phrase)
#include "tst_ek_template_phrase.moc"
