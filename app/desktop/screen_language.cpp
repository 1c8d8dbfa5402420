#include "app/desktop/screen_language.h"

#include <QCoreApplication>
#include <QLibraryInfo>

namespace enroll::app::desktop {
namespace {

struct Product {
    Q_DECLARE_TR_FUNCTIONS(Product)
};

/// True for languages that need no translation: English, in which the sources are, and "C", the system's default.
bool isEnglish(const QString& language)
{
    return language == QLatin1String("C") || QLocale(language).language() == QLocale::English;
}

} // namespace

ScreenLanguage::ScreenLanguage(const std::string& locale)
{
    const QLocale wanted(QString::fromStdString(locale));
    const auto known = !locale.empty() && wanted.language() != QLocale::C;
    if (known) {
        QLocale::setDefault(wanted);
    }
    if (!locale.empty() && !known) {
        return;
    }
    const auto languages = (known ? wanted : QLocale::system()).uiLanguages();
    for (const auto& language : languages) {
        // The first language of the list that can be shown wins: English before German gives English, although only
        // German has a file.
        if (isEnglish(language)) {
            return;
        }
        if (m_texts.load(QLocale(language), QStringLiteral("enroll-station"), QStringLiteral("_"),
                         QStringLiteral(":/translations"))) {
            QCoreApplication::installTranslator(&m_texts);
            if (m_qtTexts.load(QLocale(language), QStringLiteral("qtbase"), QStringLiteral("_"),
                               QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
                QCoreApplication::installTranslator(&m_qtTexts);
            }
            return;
        }
    }
}

ScreenLanguage::~ScreenLanguage()
{
    QLocale::setDefault(m_before);
}

QString productName()
{
    return Product::tr("Enrollment Station");
}

} // namespace enroll::app::desktop
