// Package taiwan holds facts of the country that a building-administration program needs again and again: the numbers
// people carry, the calendar their papers are dated in, the places they build at and the offices that decide.
//
// It is pure data and pure functions: no files, no network, no clock, no state. It can be used by itself.
//
// # What is in it
//
//	numbers of people and firms   PersonID · IDRules · MaskID · CompanyID
//	how to reach them             Phone · Mobile · Email · EmailKey · Postcode · PersonName · NameKey ·
//	                              LooksAlike
//	licences by paste             ParseArchitectLicence · ArchitectCertificate · ParseEngineerLicence · PermitNumber ·
//	                              ParseContractorLicence · DecoratorLicence · ParseLicenceNumber
//	lists of the Ministry         LicenceWords · Branches · CertItems · FullTimeEngineers
//	the ROC calendar              Date · ParseDate · ParseStamp · DateOf · Stamp · ROCStamp · ROCMinute · Zone
//	periods of the law            Period · Deadline · Calendar · National · ReadCalendar
//	land and buildings            LandNumber · BuildingNumber · Parcel · NormalizeAddress · SplitAddress
//	places and offices            Municipalities · Districts · Authorities and their look-ups
//	coordinates                   ToTWD97 · FromTWD97 · NearTainan
//	writing                       Fold
//
// # What it promises
//
// A reader takes what people paste. Full-width letters, spaces, any kind of hyphen, lower case, 字第 and 號 or the lack
// of them are never an error, as long as one reading and only one makes sense; where two would, it refuses and says
// what to add. What comes back is canonical: reading the canonical form again gives the same value (the fuzz tests hold
// every reader to that). Leading zeros are part of a number, so numbers are text.
//
// An error is always a *fault.Fault of kind fault.Invalid whose sentence, in Chinese and in English, says how to mend
// what was typed. It names no field: the form that asked knows which one it was.
//
// No reader keeps what was typed. Who must keep the record as written stores the typed string beside the canonical one.
//
// # Words
//
//	身分證字號 PersonID · 統一證號 the same field, for residents from abroad · 統一編號 CompanyID · 開業證書字號
//	ArchitectLicence · 建築師證號 ArchitectCertificate · 執業執照 EngineerLicence · 內政部許可文號 PermitNumber ·
//	登記證字號 ContractorLicence, DecoratorLicence · 執照字號 LicenceNumber · 地號 LandNumber · 建號 BuildingNumber ·
//	直轄市、縣（市） Municipality · 行政區 District · 主管機關 Authority · 民國 ROC year = common year − 1911
//
// # Sources
//
// Check digits: the published rules of 內政部 and 財政部. Licence words, branches, letters and codes of building
// administration: the tables of the Ministry's own form program of 2019. Periods: 行政程序法 §48. Coordinates: Krüger's
// series on GRS80. Working days: the office calendars of 行政院人事行政總處; calendar.csv says of each year whether it
// was announced or worked out from 紀念日及節日實施條例, and Calendar.Covers repeats it.
package taiwan
