package pki

import "cloudbm/cms"

// ReadCMS is how a CMS is read, for tests that feed it anything.
func ReadCMS(der, content []byte) error {
	_, err := cms.Read(der, content)
	return err
}
