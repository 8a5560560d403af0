package pki

// ReadCMS is how a CMS is read, for tests that feed it anything.
func ReadCMS(der, content []byte) error {
	_, err := readCMS(der, content)
	return err
}
