// The IRIs that crates use, in all three generations of the BioImage Archive's terms and in the
// crates of others. Where an IRI was misspelt in a published context, the misspelling stands here
// too.
#pragma once

#include <string_view>

namespace mifa::meta::term {

inline constexpr std::string_view kName[] = {"http://schema.org/name"};
inline constexpr std::string_view kDescription[] = {"http://schema.org/description",
                                                    "http://bia/protocolDescription"};
inline constexpr std::string_view kLicence[] = {"http://schema.org/license"};
inline constexpr std::string_view kAuthor[] = {"http://schema.org/author",
                                               "http://schema.org/creator"};
inline constexpr std::string_view kKeyword[] = {"http://schema.org/keywords", "http://bia/keyword"};
inline constexpr std::string_view kPublished[] = {"http://schema.org/datePublished",
                                                  "http://schema.org/releaseDate"};
inline constexpr std::string_view kAccession[] = {"http://bia/accessionId",
                                                  "http://schema.org/identifier"};
inline constexpr std::string_view kAcknowledgement[] = {"http://bia/acknowledgement"};
inline constexpr std::string_view kFundingStatement[] = {"http://bia/fundingStatement"};
inline constexpr std::string_view kDoi[] = {"http://bia/doi"};
inline constexpr std::string_view kHasPart[] = {"http://schema.org/hasPart"};
inline constexpr std::string_view kSeeAlso[] = {
    "http://www.w3.org/2000/01/rdf-schema#seeAlso",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#seeAlso", "http://bia/seeAlso"};
inline constexpr std::string_view kPublication[] = {"http://bia/relatedPublication",
                                                    "http://schema.org/citation"};
inline constexpr std::string_view kGrant[] = {"http://schema.org/funding", "http://bia/grant"};
inline constexpr std::string_view kFunder[] = {"http://schema.org/funder", "http://bia/funder"};
inline constexpr std::string_view kEmail[] = {"http://schema.org/email"};
inline constexpr std::string_view kRole[] = {"http://bia/role"};
inline constexpr std::string_view kAffiliation[] = {"http://schema.org/memberOf",
                                                    "http://schema.org/affiliation"};
inline constexpr std::string_view kAddress[] = {"http://schema.org/address"};
inline constexpr std::string_view kAuthorNames[] = {
    "http://bia/authorNames", "http://bia/authorName", "http://schema.org/author"};
inline constexpr std::string_view kYear[] = {
    "http://bia/yearPublished", "http://bia/publicationYear", "http://schema.org/datePublished"};
inline constexpr std::string_view kPubmed[] = {"http://bia/pubmedId"};

inline constexpr std::string_view kMethodType[] = {"http://bia/annotationMethodType"};
inline constexpr std::string_view kCriteria[] = {"http://bia/annotationCriteria"};
inline constexpr std::string_view kCoverage[] = {"http://bia/annotationCoverage"};
inline constexpr std::string_view kTransformation[] = {"http://bia/transformationDescription"};
inline constexpr std::string_view kSpatial[] = {"http://bia/spatialInformation"};
inline constexpr std::string_view kSourceIndicator[] = {"http://bia/annotationSourceIndicator",
                                                        "http://bia/annotation_source_indicator"};

inline constexpr std::string_view kAssociation[] = {"http://bia/association"};
// What a dataset is of; told apart by the type of what they refer to, because one published context
// gives two of them the same IRI.
inline constexpr std::string_view kAssociated[] = {
    "http://bia/associatedBiologicalEntity",
    "http://bia/associatedSubject",
    "http://bia/associatedImagingPreparationProtocol",
    "http://bia/specimenImagingPreparationProtocol",
    "http://bia/associatedImageAcquisitionProtocol",
    "http://bia/associatedAnalysisMethod",
    "http://bia/associatedCorrelationMethod",
    "http://bia/analysisMethod",
    "http://bia/correlationMethod"};
inline constexpr std::string_view kAnnotationMethod[] = {"http://bia/associatedAnnotationMethod",
                                                         "http://bia/annotationMethod"};
inline constexpr std::string_view kSampleOf[] = {"http://bia/sampleOf",
                                                 "http://bia/biological_entity"};
inline constexpr std::string_view kPreparation[] = {"http://bia/imagingPreparationProtocol"};

inline constexpr std::string_view kTaxon[] = {"http://schema.org/taxonomicRange",
                                              "http://bia/organism_classification"};
inline constexpr std::string_view kScientificName[] = {
    "http://rs.tdwg.org/dwc/terms/scientificName", "http://bia/scientificName",
    "http://bia/scientiticName"};
inline constexpr std::string_view kCommonName[] = {"http://rs.tdwg.org/dwc/terms/vernacularName",
                                                   "http://bia/commonName"};
inline constexpr std::string_view kBiologicalEntity[] = {"http://bia/biologicalEntityDescription"};
inline constexpr std::string_view kIntrinsic[] = {"http://bia/intrinsicVariableDescription"};
inline constexpr std::string_view kExtrinsic[] = {"http://bia/extrinsicVariableDescription"};
inline constexpr std::string_view kExperimental[] = {"http://bia/experimentalVariableDescription"};
inline constexpr std::string_view kGrowth[] = {"http://bia/growthProtocol"};
inline constexpr std::string_view kInstrument[] = {"http://bia/imagingInstrumentDescription",
                                                   "http://schema.org/labEquipment"};
inline constexpr std::string_view kMethodName[] = {"http://bia/imagingMethodName"};
inline constexpr std::string_view kFbbi[] = {"http://bia/fbbiId", "http://bia/fbbiID"};
inline constexpr std::string_view kFiducials[] = {"http://bia/fiducialsUsed"};
inline constexpr std::string_view kMatrix[] = {"http://bia/transformationMatrix"};
inline constexpr std::string_view kFeatures[] = {"http://bia/featuresAnalysed"};

inline constexpr std::string_view kCreationProcess[] = {"http://bia/creationProcess",
                                                        "http://bia/resultOf"};
inline constexpr std::string_view kInputImage[] = {"http://bia/inputImage"};
inline constexpr std::string_view kTableSchema[] = {"http://www.w3.org/ns/csvw#tableSchema"};
inline constexpr std::string_view kColumn[] = {"http://www.w3.org/ns/csvw#column"};
inline constexpr std::string_view kColumnName[] = {"http://www.w3.org/ns/csvw#name"};
inline constexpr std::string_view kPropertyUrl[] = {"http://www.w3.org/ns/csvw#propertyUrl"};

// Image crates (ome-zarr-ro-crate).
inline constexpr std::string_view kResultOf[] = {"http://bia/resultOf", "resultOf"};
inline constexpr std::string_view kImageSpecimen[] = {"http://purl.obolibrary.org/obo/HSO_0000308"};
inline constexpr std::string_view kImageBiosample[] = {
    "http://purl.obolibrary.org/obo/OBI_0002648"};

}  // namespace mifa::meta::term
